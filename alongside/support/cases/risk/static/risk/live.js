/* Says what the answers come to while they are pressed. The page that follows reckons again, with what this cannot know. */
function live(form) {
  const says = form.querySelector("[data-live]")
  const items = [...form.querySelectorAll("[data-weight]")]
  const chosen = item => item.querySelector("input[type=radio]:checked")?.value
  const incidents = () => Number(form.querySelector("[name=incidents]")?.value || 0)

  function reckon() {
    const yes = items.filter(item => chosen(item) === "yes")
    const score = yes.reduce((sum, item) => sum + Number(item.dataset.weight), 0)
    const from = Number(form.dataset.incidents)
    const high = score >= Number(form.dataset.high) || yes.some(item => "critical" in item.dataset) || (from > 0 && incidents() >= from)
    const level = high ? "high" : score >= Number(form.dataset.medium) ? "medium" : "standard"
    const answered = items.filter(chosen).length
    says.textContent = `So far: ${level}. Score ${score}, ${answered} of ${items.length} answered.`
    says.hidden = false
  }

  form.addEventListener("input", reckon)
  reckon()
}

document.querySelectorAll("form[data-risk]").forEach(live)
