done = function(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("p95_ms=%.2f rate=%.1f errors=%d\n", latency:percentile(95) / 1000, summary.requests / (summary.duration / 1e6), errors))
end
