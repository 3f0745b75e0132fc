-- A fixed window: it begins with the first use and lasts for a length; then nothing is in use.
--
-- The cell is a hash: `used` is the amount in use, `ends` the instant (µs) when the window is over.
-- A length of 0 is a counter: it never ends, and only what is given back leaves it.

local function open(key, now, length)
  local held = redis.call('HMGET', key, 'used', 'ends')
  local cell = { used = tonumber(held[1]) or 0, ends = tonumber(held[2]) or 0 }
  if length == 0 then
    cell.ends = 0
  elseif cell.ends <= now then
    cell.used, cell.ends = 0, now + length
  else
    -- The length may have been made shorter since, and a server that takes over may be behind.
    cell.ends = math.min(cell.ends, now + length)
  end

  local function write(used)
    cell.used = used
    if used == 0 then
      redis.call('DEL', key)
      return
    end
    redis.call('HSET', key, 'used', used, 'ends', cell.ends)
    if length > 0 then
      redis.call('PEXPIRE', key, math.ceil((cell.ends - now) / 1000))
    end
  end

  function cell.take(amount)
    write(cell.used + amount)
  end

  function cell.give_back(amount)
    write(cell.used - amount)
  end

  function cell.valid()
    return length > 0 and cell.ends - now or 0
  end

  function cell.reset()
    return cell.used > 0 and cell.valid() or 0
  end

  return cell
end
