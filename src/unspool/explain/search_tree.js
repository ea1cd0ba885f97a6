// Arrow keys move through a search: left to the parent, right to the child, up and down among hypotheses of one step.
for (const figure of document.querySelectorAll("figure.tree")) {
  const svg = figure.querySelector("svg"), output = figure.querySelector("output");
  const nodes = [...svg.querySelectorAll("g")], depths = [0];
  const parent = (number) => Number(nodes[number].dataset.parent);
  const row = (number) => Number(nodes[number].querySelector("rect").getAttribute("y"));
  for (let number = 1; number < nodes.length; number++) depths.push(depths[parent(number)] + 1);
  let here = 0;

  function go(number) {
    nodes[here].classList.remove("here");
    here = number;
    nodes[here].classList.add("here");
    output.textContent = nodes[here].querySelector("title").textContent;
    nodes[here].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const step = () => nodes.map((_, number) => number).filter((number) => depths[number] === depths[here])
    .sort((one, two) => row(one) - row(two));
  const moves = {
    ArrowLeft: () => parent(here),
    ArrowRight: () => nodes.map((_, number) => number).filter((number) => number && parent(number) === here)
      .sort((one, two) => row(one) - row(two))[0],
    ArrowUp: () => step()[step().indexOf(here) - 1],
    ArrowDown: () => step()[step().indexOf(here) + 1],
    Home: () => 0,
  };
  svg.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = move();
    if (next !== undefined) go(next);
  });
  svg.addEventListener("focus", () => go(here));
  svg.addEventListener("blur", () => nodes[here].classList.remove("here"));
  nodes.forEach((node, number) => node.addEventListener("pointerenter", () => {
    output.textContent = nodes[number].querySelector("title").textContent;
  }));
}
