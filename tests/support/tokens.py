import base64


def bot_token(application_id: int, tail: str = "q1-" * 13) -> str:
    """A made-up token in the form of Discord's, put together here so that no file holds one."""
    head = base64.urlsafe_b64encode(str(application_id).encode()).decode().rstrip("=")
    return f"{head}.GaBcDe.{tail}"
