"""The GraphQL server of a worker. Imported with the first request that holds a token: the library takes 10 MB."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ariadne
import orjson
from ariadne import MutationType, QueryType
from graphql import DocumentNode, GraphQLError, GraphQLResolveInfo, MaxIntrospectionDepthRule, parse, validate
from graphql.validation import specified_rules

from rastup.contracts.registry import Registry
from rastup.core.errors import Rejected
from rastup.core.logs import get_logger
from rastup.ingest.collector.intake import Taken
from rastup.ingest.graphql import bounds
from rastup.ingest.graphql.answers import malformed
from rastup.ingest.graphql.scalars import SCALARS

VALIDATION = "ValidationError"
INTERNAL = "InternalFailure"
LONGEST_KEPT = 8_192
"""Documents up to this many characters are parsed once; an app sends few of them, and over and over."""
LONGEST_MESSAGE = 500
MOST_ERRORS = 8
"""Of one document. Its validation ends there: what is wrong with it costs more than what is right."""
_RULES = (*specified_rules, MaxIntrospectionDepthRule)
_silent = logging.getLogger("rastup.graphql.silent")
_silent.disabled = True  # who sends a document is told what is wrong with it; nobody else needs to know
log = get_logger()

Record = dict[str, Any]
Publish = Callable[[list[Record]], Awaitable[Taken]]
"""Takes records of one mutation; returns when they are on disk, or raises `Rejected`."""


class RefusedEventError(Exception):
    """The one event of a `publishEvent` was quarantined."""

    def __init__(self, result: Record) -> None:
        super().__init__(result["message"])
        self.result = result


@dataclass(frozen=True, slots=True)
class Known:
    """A document and what validation found wrong with it."""

    document: DocumentNode
    errors: list[GraphQLError]


class GraphqlServer:
    """Executes requests.

    Args:
        registry: of the contracts; the schema lies beside them.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        types = ariadne.load_schema_from_path(str(registry.root / "graphql" / "schema.graphql"))
        query, mutation = QueryType(), MutationType()
        query.set_field("eventVersions", self._versions)
        mutation.set_field("publishEvent", _publish_event)
        mutation.set_field("publishEvents", _publish_events)
        self._schema = ariadne.make_executable_schema(types, query, mutation, *SCALARS)
        self._kept = lru_cache(maxsize=256)(self._known)

    async def execute(self, body: bytes, publish: Publish) -> bytes:
        """The answer to one request, as AppSync gives it with status 200.

        Raises:
            Rejected: 400, when the body is no GraphQL request.
        """
        request = _request(body)
        text = request["query"]
        try:
            known = self._kept(text) if len(text) <= LONGEST_KEPT else self._known(text)
        except RecursionError:
            raise malformed("The document is nested too deep.") from None
        except GraphQLError as error:
            raise malformed(
                f"Unable to parse the GraphQL document: {error.message[:LONGEST_MESSAGE]}"
            ) from error
        _, answer = await ariadne.graphql(
            self._schema,
            request,
            context_value=publish,
            query_document=known.document,
            query_validator=lambda *_, **__: known.errors,
            error_formatter=formatted,
            logger=_silent,
        )
        answer.setdefault("data", None)
        return orjson.dumps(answer)

    def _known(self, text: str) -> Known:
        document = parse(text, max_tokens=bounds.MOST_TOKENS, allow_empty_selection_sets=False)
        bounds.check(document)
        errors = validate(self._schema, document, _RULES, max_errors=MOST_ERRORS, hide_suggestions=True)
        return Known(document, errors)

    def _versions(self, _: Any, _info: GraphQLResolveInfo[Publish], event: str) -> list[int]:
        return self._registry.versions(event)


def formatted(error: GraphQLError, debug: bool = False) -> Record:  # noqa: ARG001  Ariadne's signature
    """An error in AppSync's shape."""
    kind, info, message = _told(error)
    places = [{"line": at.line, "column": at.column, "sourceName": None} for at in error.locations or ()]
    return {
        "path": error.path,
        "data": None,
        "errorType": kind,
        "errorInfo": info,
        "locations": places or None,
        "message": message[:LONGEST_MESSAGE],
    }


def _told(error: GraphQLError) -> tuple[str, Record | None, str]:
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return VALIDATION, None, error.message
    if isinstance(cause, RefusedEventError):
        return cause.result["code"], _info(cause.result), str(cause)
    if isinstance(cause, Rejected):
        after_s = getattr(cause, "retry_after_s", 2 if cause.status == 503 else None)
        return cause.code, None if after_s is None else {"retry_after_s": after_s}, cause.message
    reference = uuid.uuid4().hex[:12]
    log.error("graphql field failed", reference=reference, error=type(cause).__name__, exc_info=cause)
    return INTERNAL, None, f"Our fault; reference {reference}."


def _info(result: Record) -> Record:
    return {name: result.get(name) for name in ("status", "event_id", "code", "path")}


async def _publish_event(_: Any, info: GraphQLResolveInfo[Publish], input: Record) -> Record:
    taken: Taken = await info.context([_record(input)])
    (result,) = taken.results
    if result["status"] == "quarantined":
        raise RefusedEventError(result)
    return result


async def _publish_events(_: Any, info: GraphQLResolveInfo[Publish], inputs: list[Record]) -> Record:
    taken: Taken = await info.context([_record(one) for one in inputs])
    counts = {"accepted": taken.accepted, "duplicates": taken.duplicates, "quarantined": taken.quarantined}
    return {**counts, "results": sorted(taken.results, key=lambda result: result["index"])}


def _record(given: Record) -> Record:
    """The domain record of an input: a null says the same as nothing.

    Its parts are its own, since admission changes them: one variable may stand for several inputs, or for a part of each.
    """
    record = {
        name: dict(value) if isinstance(value, dict) else value
        for name, value in given.items()
        if value is not None
    }
    for part in ("device", "money", "app", "geo", "page", "campaign"):
        if part in record:
            record[part] = {name: value for name, value in record[part].items() if value is not None}
    record.setdefault("ids", {})
    return record


def _request(body: bytes) -> Record:
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise malformed(f"The body is not JSON: {error.msg[:120]}.") from error
    if not isinstance(request, dict) or not isinstance(request.get("query"), str):
        raise malformed(
            "Expected one JSON object with `query`, the document, and optional `variables`, `operationName`."
        )
    for name, kind in (("variables", dict), ("operationName", str)):
        if not isinstance(request.get(name), kind | None):
            raise malformed(f"`{name}` is not {'an object' if kind is dict else 'text'}.")
    return request
