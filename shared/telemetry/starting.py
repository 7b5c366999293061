"""Whether traces are made at all, which is decided by the environment when a service is composed."""

import os
from urllib.parse import urlsplit

from shared.telemetry.tracing import Tracer

STANDARD = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""OpenTelemetry's own variables that name a collector."""

TRACES_PATH = "/v1/traces"


class TelemetryUnusable(Exception):
    """Traces are asked for and cannot be made; the text says what to do."""


def tracer_for(service: str, endpoint: str) -> Tracer | None:
    """Make the tracer of a service, or None where nobody asked for traces.

    Args:
        service: its name.
        endpoint: the collector's address (``TANFIDH_OTLP_ENDPOINT``), or empty; then OpenTelemetry's own
            variables count.

    Raises:
        TelemetryUnusable: the extra ``telemetry`` is not installed, or the address is none.
    """
    if not _wanted(endpoint):
        return None
    if endpoint and (urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).hostname):
        raise TelemetryUnusable(
            "TANFIDH_OTLP_ENDPOINT is not the http or https address of a collector, "
            "for example http://127.0.0.1:4318"
        )
    try:
        from shared.telemetry.otlp import exporting
    except ImportError as error:
        name = "TANFIDH_OTLP_ENDPOINT" if endpoint else next(filter(os.environ.get, STANDARD))
        raise TelemetryUnusable(
            f"{name} is set, but OpenTelemetry is not installed: install tanfidh[telemetry], or unset it"
        ) from error
    return exporting(service, endpoint.rstrip("/") + TRACES_PATH if endpoint else None)


def _wanted(endpoint: str) -> bool:
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if os.environ.get("OTEL_TRACES_EXPORTER", "").strip().lower() == "none":
        return False
    return bool(endpoint or any(os.environ.get(name) for name in STANDARD))
