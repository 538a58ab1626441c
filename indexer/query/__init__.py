"""The language people type: its tree (`ast.py`) and how it is read (`parser.py`)."""
