"""Which countries make up a region whose law is one, and by which clock the people of a country live."""

# The members of the European Union; where a country has several zones, that of its capital.
EU: dict[str, str] = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "CY": "Asia/Nicosia", "CZ": "Europe/Prague",
    "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki", "FR": "Europe/Paris", "GR": "Europe/Athens", "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest", "IE": "Europe/Dublin", "IT": "Europe/Rome", "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MT": "Europe/Malta", "NL": "Europe/Amsterdam",
    "PL": "Europe/Warsaw", "PT": "Europe/Lisbon", "RO": "Europe/Bucharest", "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana", "SK": "Europe/Bratislava",
}  # fmt: skip
ZONES: dict[str, str] = {**EU, "CN": "Asia/Shanghai", "GB": "Europe/London"}


def zone_of(country: str) -> str | None:
    """The zone that people of a country count their days in; None where there are several, or we do not know."""
    return ZONES.get(country.upper())


def regions_of(country: str) -> tuple[str, ...]:
    """The names that a country is known by, the closest first: itself, then the union that it belongs to."""
    known = country.upper()
    return (known, "EU") if known in EU else (known,)
