-- For wrk: residents who scan the codes of a file, one code a line.
-- Arguments: the file, then "known" (a few phones) or "never" (every request another user agent).

local PHONES = {
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Linux; Android 13; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
}

local codes = {}
local heads = {}
local turn = 0
local never = false

-- What follows the code: made once, since wrk shares the machine with what it measures.
local function head(agent)
  local close = wrk.headers["Connection"] and "Connection: close\r\n" or ""
  return " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Language: en-GB,en;q=0.9\r\n" ..
    close .. "User-Agent: " .. agent .. "\r\n\r\n"
end

function init(args)
  for line in io.lines(args[1]) do
    codes[#codes + 1] = line
  end
  never = args[2] == "never"
  math.randomseed(os.time())
  for number, agent in ipairs(PHONES) do
    heads[number] = head(agent)
  end
end

function request()
  turn = turn % #codes + 1
  if never then
    local model = string.format("SM-%06d%04d", math.random(0, 999999), math.random(0, 9999))
    return "GET /" .. codes[turn] .. head("Mozilla/5.0 (Linux; Android 13; " .. model ..
      ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36")
  end
  return "GET /" .. codes[turn] .. heads[turn % #heads + 1]
end

function done(summary, latency, _)
  local errors = summary.errors
  print(string.format(
    'FOUND {"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "failed": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
