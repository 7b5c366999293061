"""How a report looks, on a screen and on A4, in either direction of writing."""

from base64 import b64encode
from hashlib import sha256

STYLE = """
@page { size: A4; margin: 18mm 15mm 20mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.55 "Noto Naskh Arabic", "Amiri", "Segoe UI", "Noto Sans", serif; color: #1b1b1b;
  max-width: 190mm; margin: 0 auto; padding: 8mm; background: #fff; }
header { border-block-end: 2px solid #14532d; margin-block-end: 8mm; }
h1 { font-size: 18pt; line-height: 1.3; margin: 0 0 3mm; }
h2 { font-size: 13.5pt; color: #14532d; margin: 8mm 0 2mm; break-after: avoid; }
p { margin: 1mm 0; }
.basis { color: #555; font-size: 9pt; overflow-wrap: anywhere; }
table { border-collapse: collapse; inline-size: 100%; margin-block: 2mm 4mm; font-size: 9.5pt; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 1px solid #bbb; padding: 1mm 1.6mm; text-align: start; vertical-align: top; }
th { background: #eef4ef; font-weight: 600; }
td.figure { text-align: center; white-space: nowrap; font-variant-numeric: tabular-nums; }
table.figures { inline-size: auto; min-inline-size: 60%; }
a { color: inherit; text-decoration: underline dotted #888; }
td.zero a { color: #888; text-decoration: none; }
.before { color: #555; font-size: 8pt; display: block; }
@media print { body { padding: 0; max-width: none; } a { text-decoration: none; } }
"""

DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()

POLICY = f"default-src 'none'; style-src 'sha256-{DIGEST}'; base-uri 'none'; form-action 'none'"
"""A page has this style and nothing else: no script, no image, no font, no other style."""

HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
