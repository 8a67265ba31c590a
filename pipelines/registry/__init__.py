"""The OAS records: one module per kind of record, each with its table and its transform."""
