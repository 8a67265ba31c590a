"""The base records behind a figure: one statement for each set of records, narrowed by the filters of an address."""
