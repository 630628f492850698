"""The collector: an RSGI application that answers each request once what it took is on disk."""
