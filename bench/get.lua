-- Reads a status page as browsers and dashboards do: its files in turn, squeezed.
local paths = {}
for path in string.gmatch(os.getenv("PAGES"), "%S+") do paths[#paths + 1] = path end
local requests, count = {}, 0

function init(args)
  for n, path in ipairs(paths) do
    requests[n] = wrk.format("GET", path, { ["Accept-Encoding"] = "gzip" })
  end
end

function request()
  count = count + 1
  return requests[count % #requests + 1]
end

function done(summary, latency, requests)
  local e = summary.errors
  print(string.format("RESULT %d %d %d %d %d %d", summary.requests, e.status,
    e.connect + e.read + e.write + e.timeout, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
