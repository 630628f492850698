"""Alembic's entry: migrates over the connection that `rastup.state.database` hands over."""

from alembic import context

from rastup.state.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
