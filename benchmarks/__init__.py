"""Measures the speed budgets of DESIGN.md against a bare page served the same way."""
