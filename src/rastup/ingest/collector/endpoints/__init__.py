"""What the collector's paths lead to.

shared    what those that take events share
events    /collect and /e: events in the platform's own dialects
calls     the paths of public SDKs, the pixel too
graphql   /graphql
webhooks  /webhooks/…
links     /r/<token>
health    /health/live, /health/ready and /metrics
"""
