-- One step on the ledger, decided atomically.
--
-- KEYS  1 the marker: a hash {begun, took, moved}; 2 the person; 3 the stream
-- ARGV  1 a number drawn for this call alone; 2 the step; 3 and 4 its values
-- Reply {ARGV[1], word, …}: the echo binds the reply to its call.
--
-- begin  3 now: opens the ledger, or takes the server that leads now for the right one
-- look   → 'is', the person's state, the stream
-- swap   3 the state that was looked at, 4 what replaces it → 'done', or 'other' if it is no more
-- hear   the same of the stream
local call, step = ARGV[1], ARGV[2]

local function info(section, field) return string.match(redis.call('INFO', section), '\n' .. field .. ':([%w-]+)') end

-- A ledger that may forget single entries, or all of the last ones with the power, is
-- worse than none: what is missing reads like "nothing happened".
if info('memory', 'maxmemory_policy') ~= 'noeviction' then return {call, 'evicts'} end
if info('persistence', 'aof_enabled') ~= '1' or info('persistence', 'aof_last_write_status') ~= 'ok' then return {call, 'volatile'} end

-- A server that took over from another bears that one's name as well. What was told
-- to the first and had not reached the second is lost.
local took = info('replication', 'master_replid2')
if not took then return {call, 'nameless'} end
if step == 'begin' then
	redis.call('HSETNX', KEYS[1], 'begun', ARGV[3])
	redis.call('HSET', KEYS[1], 'took', took, 'moved', '')
	return {call, 'done'}
end
local marker = redis.call('HMGET', KEYS[1], 'begun', 'took', 'moved')
if not marker[1] then return {call, 'unbegun'} end
if string.match(took, '[^0]') and took ~= marker[2] and marker[3] == '' then
	redis.call('HSET', KEYS[1], 'moved', took) -- a restart would forget the other name
	marker[3] = took
end
if marker[3] ~= '' then return {call, 'moved'} end

if step == 'look' then
	return {call, 'is', redis.call('GET', KEYS[2]) or '', redis.call('GET', KEYS[3]) or ''}
end
local key = ({swap = KEYS[2], hear = KEYS[3]})[step]
if key then
	if (redis.call('GET', key) or '') ~= ARGV[3] then return {call, 'other'} end
	redis.call('SET', key, ARGV[4])
	return {call, 'done'}
end
return {call, 'what'}
