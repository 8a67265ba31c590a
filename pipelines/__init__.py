"""From records and open data to an edition: read, conform to a contract, derive, check, publish."""

__version__ = "0.1.0"
