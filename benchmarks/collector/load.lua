-- wrk's script. Every request is whole and made beforehand by bodies.py; here only what makes it unique is put in.
--   REQUESTS  folder with `plain` (one request with slots for counters) or `packed.<thread>` (many, each sent once)
--   SKIP      packed requests of each thread that a warm-up has sent
-- Touching nothing but digits keeps the load generator cheap: it shares the cores with the server that it drives.
local ffi = require("ffi")
local folder = os.getenv("REQUESTS")
local skip = tonumber(os.getenv("SKIP") or "0")
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

local function read(name)
  local file = io.open(folder .. "/" .. name, "rb")
  if not file then return nil end
  local text = file:read("*a")
  file:close()
  return text
end

local buffer, length, slots, counter   -- of the plain request
local packed, at                       -- of the packed ones

function init()
  counter = 0
  local plain = read("plain")
  if plain then
    length = #plain
    buffer = ffi.new("uint8_t[?]", length)
    ffi.copy(buffer, plain, length)
    local count, from = 0, 1
    local found = {}
    while true do
      local first = plain:find("T0000000000000", from, true)   -- a thread's letter and thirteen digits
      if not first then break end
      count = count + 1
      found[count] = first - 1
      from = first + 14
    end
    slots = ffi.new("int32_t[?]", count + 1)
    slots[0] = count
    for i = 1, count do
      slots[i] = found[i]
      buffer[found[i]] = 65 + id + (skip > 0 and 10 or 0)   -- no id is sent by the warm-up and again after it
    end
    return
  end
  local text, from = read("packed." .. id), 1
  packed, at = {}, skip
  for size in read("packed." .. id .. ".sizes"):gmatch("%d+") do
    packed[#packed + 1] = text:sub(from, from + size - 1)
    from = from + size
  end
end

local function next_plain()
  for i = 1, slots[0] do
    counter = counter + 1
    local rest, place = counter, slots[i] + 13
    while rest > 0 do
      buffer[place] = 48 + rest % 10
      rest = (rest - rest % 10) / 10
      place = place - 1
    end
  end
  return ffi.string(buffer, length)
end

function request()
  if slots then return next_plain() end
  at = at % #packed + 1
  return packed[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nSUMMARY {"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"socket_errors":%d,"status_errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
