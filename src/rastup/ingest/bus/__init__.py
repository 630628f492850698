"""The bus: what carries records from the collectors to the lander.

publisher   what a collector needs of a bus; the spool is one by itself
messages    a record as a message: its key, its bound, and whether what was read is a record
outbox      submissions and the messages that they wait for
source      what the reader needs of a bus
inbound     one partition's stream in the local spool, continued after every restart
positions   where the reader was, noted for buses whose positions are not counted
reader      reads a bus into the local spool; the lander and every view go on from there
kafka, kinesis   the two sides of each, imported where it is configured
"""

from __future__ import annotations

from rastup.ingest.bus.publisher import Publisher, open_publisher

__all__ = ["Publisher", "open_publisher"]
