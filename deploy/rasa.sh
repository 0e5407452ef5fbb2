#!/bin/sh
# Rasa with a model for the data as it is, without its HTTP API: the proxy reaches webhooks and nothing else exists.
set -eu
model=$(stadsbot train | sed -n 's/^Model: //p')
[ -n "$model" ] || { echo "rasa: no model was made" >&2; exit 1; }
endpoints=$(python -c 'from bot.ops.run import endpoints; from bot.ops.settings import Settings; print(endpoints(Settings.from_environment()))')
exec python -m bot.ops.without_tensorflow run --interface 0.0.0.0 --port 5005 --model "$model" --endpoints "$endpoints" --credentials credentials.yml
