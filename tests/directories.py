"""A small directory in pieces, as ``supporthub import`` reads it: what is added after a person is theirs as well."""

NORTHWIND = """
[[account]]
name = "Northwind"
slug = "northwind"

[[contract]]
account = "northwind"
plan = "websan/success"
starts = 2026-01-01
licences = 12
"""
ANN = """
[[contact]]
account = "northwind"
name = "Ann Lee"
email = "ann@northwind.example"
licensed = true
nominated = true
"""
SAM = """
[[staff]]
name = "Sam Ortiz"
email = "sam@desk.example"
role = "agent"
"""
CORA = """
[[staff]]
name = "Cora Diaz"
email = "cora@desk.example"
role = "concierge"
"""
