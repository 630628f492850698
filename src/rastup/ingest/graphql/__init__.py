"""GraphQL: `publishEvent` and `publishEvents`, answered as AppSync does."""
