-- One call: finds out whether it is a retry, takes or gives back, and says how things stand.
--
-- KEYS  1 the cell; 2 the call's deduplication id, if it has one
-- ARGV  1 the amount, negative to give back; 2 the most that may be in use; 3 length of the window
--       and 4 of a bucket, in µs; 5 whether less will do (1 or 0); 6 for how long an id is
--       remembered, in ms
-- gives the amount granted or given back, for how long in µs, what is in use, and in how many µs
-- nothing is
--
-- Before this stand the function `time`, and `open` of one kind of window.

local now = time()
local amount, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local cell = open(KEYS[1], now, tonumber(ARGV[3]), tonumber(ARGV[4]))

local function grant()
  local left = math.max(0, most - cell.used)
  if amount <= left then
    return amount
  end
  return ARGV[5] == '1' and left or 0
end

local function earlier()
  local text = KEYS[2] and redis.call('GET', KEYS[2])
  if not text then return nil end
  local granted, ends = text:match('^(%d+) (%d+)$')
  return tonumber(granted), math.max(0, tonumber(ends) - now)
end

local function count()
  if amount < 0 then
    local given_back = math.min(-amount, cell.used)
    if given_back > 0 then cell.give_back(given_back) end
    return given_back, 0
  end
  local granted = grant()
  if granted == 0 then return 0, 0 end
  cell.take(granted)
  return granted, cell.valid()
end

local granted, valid = earlier()
if not granted then
  granted, valid = count()
  if KEYS[2] then
    local ends = valid > 0 and now + valid or 0
    redis.call('SET', KEYS[2], string.format('%.0f %.0f', granted, ends), 'PX', ARGV[6])
  end
end
return { granted, valid, cell.used, cell.reset() }
