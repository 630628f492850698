"""Operation: the supervisor, the pipeline loop, status and doctor."""
