local turn = 0
request = function()
  turn = turn + 1
  wrk.headers["X-Forwarded-For"] = string.format("198.51.%d.%d", math.floor(turn / 250) % 250 + 1, turn % 250 + 1)
  return wrk.format("POST")
end
done = function(summary)
  io.write(string.format("rate=%.1f refused=%d\n", summary.requests / (summary.duration / 1e6), summary.errors.status))
end
