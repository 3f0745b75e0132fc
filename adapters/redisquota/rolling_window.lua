-- A rolling window: an amount leaves when its bucket began a length ago.
--
-- The cell is a list, in one key so that Redis can't lose a part of it: first the sum of all that is
-- in use, then `begin:amount` for each bucket, oldest first. A bucket begins with its first use, at
-- an instant in µs, and takes up what is used within the duration of a bucket.

local function open(key, now, length, duration)
  local cell = { used = tonumber(redis.call('LINDEX', key, 0)) or 0 }

  local function bucket(index)
    local text = redis.call('LINDEX', key, index)
    if not text then return nil end
    local begin, amount = text:match('^(%d+):(%d+)$')
    if not begin then return nil end  -- the sum: there is no bucket
    return tonumber(begin), tonumber(amount)
  end

  local function text(begin, amount)
    return string.format('%.0f:%.0f', begin, amount)
  end

  local function close()
    if cell.used == 0 then
      redis.call('DEL', key)
    else
      redis.call('LSET', key, 0, string.format('%.0f', cell.used))
    end
  end

  local gone = 0
  local begin, amount = bucket(1)
  while begin and begin <= now - length do
    gone = gone + 1
    cell.used = cell.used - amount
    begin, amount = bucket(gone + 1)
  end
  if gone > 0 then
    redis.call('LTRIM', key, gone, -1)  -- the last that has gone gives its place to the sum
    close()
  end

  function cell.take(wanted)
    if cell.used == 0 then
      redis.call('RPUSH', key, 0)
    end
    local newest, held = bucket(-1)
    if newest and now - newest < duration then
      redis.call('LSET', key, -1, text(newest, held + wanted))
    else
      redis.call('RPUSH', key, text(now, wanted))
    end
    cell.used = cell.used + wanted
    close()
    redis.call('PEXPIRE', key, math.ceil(length / 1000))
  end

  function cell.give_back(wanted)
    cell.used = cell.used - wanted
    while wanted > 0 do
      local newest, held = bucket(-1)
      if held > wanted then
        redis.call('LSET', key, -1, text(newest, held - wanted))
      else
        redis.call('RPOP', key)
      end
      wanted = wanted - math.min(held, wanted)
    end
    close()
  end

  function cell.valid()
    return length
  end

  function cell.reset()
    local newest = bucket(-1)
    return newest and newest + length - now or 0
  end

  return cell
end
