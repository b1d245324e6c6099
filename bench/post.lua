-- Bodies of 1 KiB in the words of PROTOCOL; KEYS distinct dedup keys, or a fresh one every time.
local key, keys = os.getenv("ROUTING_KEY"), tonumber(os.getenv("KEYS") or "0")
local prefix, sent = os.getenv("PREFIX") or "k", 0
local protocol = os.getenv("PROTOCOL") or "pagerduty_v2"
local starts = {
  pagerduty_v2 = '{"routing_key":"' .. key .. '","event_action":"trigger","dedup_key":"',
  pagerduty_v1 = '{"service_key":"' .. key .. '","event_type":"trigger","incident_key":"',
  opsgenie = '{"priority":"P1","source":"bench","entity":"disk","alias":"',
}
local middles = {
  pagerduty_v2 = '","client":"bench","payload":{"summary":"Disk is full on node ',
  pagerduty_v1 = '","client":"bench","description":"Disk is full on node ',
  opsgenie = '","message":"Disk is full on node ',
}
local rests = {
  pagerduty_v2 = '","source":"bench","severity":"critical","component":"disk",'
    .. '"custom_details":{"text":"',
  pagerduty_v1 = '","details":{"component":"disk","text":"',
  opsgenie = '","details":{"component":"disk","text":"',
}
local ends = { pagerduty_v2 = '"}}}', pagerduty_v1 = '"}}', opsgenie = '"}}' }
local start, middle, rest = starts[protocol], middles[protocol], rests[protocol]
local filler = string.rep("x", 1024 - #start - #middle - #rest - 30) .. ends[protocol]

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
if protocol == "opsgenie" then wrk.headers["Authorization"] = "GenieKey " .. key end

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
