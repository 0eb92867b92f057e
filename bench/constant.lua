-- For wrk: a client that asks at a constant rate, whatever the server does.
-- Arguments: a file of codes, one a line, the user agent, how many a second and for how many seconds.
--
-- wrk's own clients ask as soon as they were answered; of wrk, only its LuaJIT is used here. Latency runs from the moment
-- a request was due, not from when it could be sent: a server that stalls for 100 ms makes every request that was due
-- meanwhile late, and a client that waits for answers would never notice. It shares the machine with what it measures,
-- so it must be cheap: the same in Python took most of a processor at 20,000 a second.

local ffi = require("ffi")
local C = ffi.C

ffi.cdef [[
  struct pollfd { int fd; short events, revents; };
  struct moment { long seconds, nanos; };
  struct address { uint16_t family, port; uint32_t host; char zero[8]; };
  int socket(int domain, int kind, int protocol);
  int connect(int fd, const struct address *address, unsigned length);
  int setsockopt(int fd, int level, int name, const int *value, unsigned length);
  long send(int fd, const char *bytes, size_t length, int flags);
  long recv(int fd, char *bytes, size_t length, int flags);
  int close(int fd);
  int ppoll(struct pollfd *fds, unsigned long count, const struct moment *patience, const void *signals);
  int clock_gettime(int clock, struct moment *moment);
]]

local INET, STREAM, TCP, NODELAY, POLLIN, MONOTONIC, LOOPBACK = 2, 1, 6, 1, 1, 1, "\127\0\0\1"
local CONNECTIONS = 64
-- Answers that are still out when the last request was due are waited for so long.
local LAST_SECONDS = 5
local ANSWER_BYTES = 65536

local moment, patience = ffi.new("struct moment"), ffi.new("struct moment")
local answer = ffi.new("char[?]", ANSWER_BYTES)
local one = ffi.new("int[1]", 1)

local function now()
  C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanos) / 1e9
end

local function connect(port)
  local address = ffi.new("struct address", {family = INET, port = bit.rshift(bit.bswap(port), 16)})
  ffi.copy(ffi.cast("char *", address) + 4, LOOPBACK, 4)
  local fd = C.socket(INET, STREAM, 0)
  assert(C.connect(fd, address, ffi.sizeof(address)) == 0, "nobody answers")
  C.setsockopt(fd, TCP, NODELAY, one, ffi.sizeof("int"))
  return fd
end

-- Whether a whole redirect has come; it has no body.
local function is_redirect(length)
  local said = ffi.string(answer, length)
  return said:find("HTTP/1.1 302", 1, true) == 1 and said:sub(-4) == "\r\n\r\n"
end

local Client = {}
Client.__index = Client

local function client(port)
  local made = {port = port, free = {}, out = ffi.new("struct pollfd[?]", CONNECTIONS), waiting = 0, due = {}, late = {},
    failed = 0}
  for number = 1, CONNECTIONS do
    made.free[number] = connect(port)
  end
  return setmetatable(made, Client)
end

function Client:send(request, due)
  local fd = table.remove(self.free)
  self.out[self.waiting] = {fd = fd, events = POLLIN}
  self.waiting = self.waiting + 1
  self.due[fd] = due
  C.send(fd, request, #request, 0)
end

-- Take the answers that are there, or wait so many seconds for the first.
function Client:receive(seconds)
  patience.seconds, patience.nanos = math.floor(seconds), seconds % 1 * 1e9
  if C.ppoll(self.out, self.waiting, patience, nil) < 1 then
    return
  end
  for place = self.waiting - 1, 0, -1 do
    if self.out[place].revents ~= 0 then
      local fd = self.out[place].fd
      local length = tonumber(C.recv(fd, answer, ANSWER_BYTES, 0))
      self.late[#self.late + 1] = now() - self.due[fd]
      self.waiting = self.waiting - 1
      self.out[place] = self.out[self.waiting]
      self:free_again(fd, length > 0 and is_redirect(length))
    end
  end
end

function Client:free_again(fd, is_well)
  if not is_well then
    self.failed = self.failed + 1
    C.close(fd)
    fd = connect(self.port)
  end
  self.free[#self.free + 1] = fd
end

-- Send every request when it is due or as soon after as a connection is free.
function Client:ask(requests, rate, seconds)
  local start, total, sent = now(), math.floor(rate * seconds), 0
  while sent < total do
    while sent < total and #self.free > 0 and start + sent / rate <= now() do
      self:send(requests[sent % #requests + 1], start + sent / rate)
      sent = sent + 1
    end
    local pause = #self.free > 0 and start + sent / rate - now() or 1
    self:receive(math.max(0, pause))
  end
  local last = now() + LAST_SECONDS
  while self.waiting > 0 and now() < last do
    self:receive(0.1)
  end
  self.failed = self.failed + self.waiting
  return now() - start
end

local function requests_for(codes, agent)
  local made = {}
  for code in io.lines(codes) do
    made[#made + 1] = "GET /" .. code .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: " .. agent ..
      "\r\nAccept-Language: en-GB\r\n\r\n"
  end
  return made
end

function init(args)
  local asking = client(tonumber(wrk.port))
  local seconds = asking:ask(requests_for(args[1], args[2]), tonumber(args[3]), tonumber(args[4]))
  table.sort(asking.late)
  local function share(part)
    return asking.late[math.floor(#asking.late * part) + 1] * 1000
  end
  print(string.format('FOUND {"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "failed": %d}',
    #asking.late, seconds, share(0.5), share(0.99), asking.failed))
  os.exit(0)
end
