# The supervisor looks for new services every five seconds.
left=100
until [ -p "$QY_SERVICE/supervise/ok" ]; do
  left=$((left - 1))
  [ "$left" -gt 0 ]
  sleep 0.1
done
sv -w 30 down "$QY_SERVICE"
