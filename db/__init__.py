"""What is: tables, engine, migrations."""
