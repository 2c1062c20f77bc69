"""Exits with 0 where the server beside it is ready and with 1 where not: the health check of containers.

No proxy of the environment is asked, and nothing of the product is imported: it runs every few seconds.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

PATIENCE = 4.0  # seconds


def ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if ready(int(os.environ.get("SUPPORTHUB_PORT", "3978"))) else 1)
