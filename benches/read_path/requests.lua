-- Sends the prepared requests of a file one after the other, and prints the figures as JSON.
-- The file: for each request a line with its length, then its bytes.

local requests, next = {}, 0

function init(args)
    local file = assert(io.open(args[1], "rb"))
    while true do
        local length = file:read("*l")
        if not length then break end
        requests[#requests + 1] = file:read(tonumber(length))
    end
    file:close()
end

function request()
    next = next % #requests + 1
    return requests[next]
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format('\n{"requests": %d, "seconds": %f, "bytes": %d, "errors": %d, "p50": %f, "p99": %f}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
        latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
