-- Bodies of 1 KiB for /v2/enqueue; KEYS distinct dedup keys, or a fresh one every time.
local key, keys = os.getenv("ROUTING_KEY"), tonumber(os.getenv("KEYS") or "0")
local prefix, sent = os.getenv("PREFIX") or "k", 0
local start = '{"routing_key":"' .. key .. '","event_action":"trigger","dedup_key":"'
local middle = '","client":"bench","payload":{"summary":"Disk is full on node '
local rest = '","source":"bench","severity":"critical","component":"disk",'
  .. '"custom_details":{"text":"'
local filler = string.rep("x", 1024 - #start - #middle - #rest - 30) .. '"}}}'

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

request = function()
  sent = sent + 1
  local n = sent
  if keys > 0 then n = sent % keys end
  return wrk.format(nil, nil, nil, start .. prefix .. n .. middle .. n .. rest .. filler)
end

done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %.0f %.0f\n", summary.requests,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration, latency:percentile(50), latency:percentile(99)))
end
