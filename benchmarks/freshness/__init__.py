"""`rastup up` under live traffic: how soon an accepted event is seen, and how much memory all of it takes."""
