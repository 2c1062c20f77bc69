#!/bin/sh
# One command of supporthub's with the account, settings and secrets of supporthub.service. Root puts it at /usr/local/bin/supporthub:
#     supporthub verify
set -eu
# The words in single quotes are the new shell's, which alone knows where systemd put the secrets.
# shellcheck disable=SC2016
exec systemd-run --quiet --collect --pipe --wait \
    --uid supporthub --gid supporthub --working-directory /var/lib/supporthub \
    --property EnvironmentFile=/etc/supporthub/desk.env \
    --property LoadCredential=database_url:/etc/supporthub/database_url \
    --property LoadCredential=secret_key:/etc/supporthub/secret_key \
    --property UMask=0077 \
    /bin/sh -c 'export SUPPORTHUB_DATABASE_URL_FILE="$CREDENTIALS_DIRECTORY/database_url" \
        SUPPORTHUB_SECRET_KEY_FILE="$CREDENTIALS_DIRECTORY/secret_key"; exec /opt/supporthub/bin/supporthub "$@"' supporthub "$@"
