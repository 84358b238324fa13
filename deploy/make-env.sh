#!/bin/sh
# Write .env from .env.example with a random value for every empty secret. An existing .env is left alone.
set -eu
cd "$(dirname "$0")/.."
if [ -e .env ]; then
  echo ".env 已存在，没有改动。"
  exit 0
fi
umask 077
random() {
  # Letters and digits alone: the values stand inside URLs.
  LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c "$1"
}
while IFS= read -r line || [ -n "$line" ]; do
  case "$line" in
    # Airflow wants 32 bytes in the URL-safe base64 alphabet, 43 characters and one '='. The last of the 43
    # carries four bits only, so it is one of those whose low bits are 0.
    AIRFLOW_FERNET_KEY=) printf '%s%sA=\n' "$line" "$(random 42)" ;;
    S3_ACCESS_KEY=) printf '%s%s\n' "$line" "$(random 20)" ;;
    [A-Z]*=) printf '%s%s\n' "$line" "$(random 32)" ;;
    *) printf '%s\n' "$line" ;;
  esac
done <.env.example >.env.new
mv .env.new .env
mkdir -p inbox
echo "已生成 .env（仅所有者可读）。界面密码：UI_ADMIN_PASSWORD、UI_OP_PASSWORD、UI_VIEWER_PASSWORD。"
