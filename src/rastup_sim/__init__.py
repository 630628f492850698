"""A simulated marketplace: its history as a file, or its life as traffic. Knows the platform only from outside.

Everything follows from a seed and a time: the same seed, window and scale give the same bytes, whoever computes which hour.
"""
