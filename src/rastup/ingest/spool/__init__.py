"""The spool: the embedded bus between whoever accepts events and the lander.

frames    one group commit as bytes: a checksummed header line, then record lines
segments  the files that hold frames, and the streams that hold files
stream    one stream's folder, lock and open segment: frames, sealing, recovery from a failed write
writer    one stream's writer: many submitters, group commit
bound     how full the spool and its disk are
damage    what failed its checksum is kept aside and reported
"""

from __future__ import annotations

from rastup.ingest.spool.segments import Segment, list_segments
from rastup.ingest.spool.writer import SpoolWriter

__all__ = ["Segment", "SpoolWriter", "list_segments"]
