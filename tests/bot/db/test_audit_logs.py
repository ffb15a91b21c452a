"""What is known of an audit log, there and back."""

from bot.db.audit_logs import audit_log_document, read_audit_logs
from bot.db.database import Handle
from bot.ingest.activities.moderation import AuditLogRead
from bot.ingest.activity import decode, encode
from bot.ingest.books.audit_log import AuditLogState

KEY = (7, 0)


async def test_a_floor_that_was_read_back_can_be_journalled(db: Handle) -> None:
    """After a start at which the log holds nothing new, the floor goes back into the journal as it is."""
    floor = 1_500_000_000_000_000_000
    await db.auditLogs.bulk_write([audit_log_document(KEY, AuditLogState(floor=floor))])
    state = (await read_audit_logs(db, [KEY]))[KEY]
    read = AuditLogRead(KEY[0], state.floor, 5, 6)
    assert decode(encode(read)) == read == AuditLogRead(KEY[0], floor, 5, 6)
