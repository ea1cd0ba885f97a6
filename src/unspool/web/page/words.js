// What the page says, in English and in Korean. A sentence with numbers is a function.

export const WORDS = {
  en: {
    other: "한국어", otherCode: "ko", lead: "Type on the left. See how the answer is made, symbol by symbol.",
    models: "Models", source: "Source", sourceHint: "what the model reads", numbersHint: "one step a line, its numbers separated by spaces",
    settings: "Settings", beam: "Beam width", draw: "Draw at random", temperature: "Temperature", seed: "Seed", longest: "Longest answer",
    answerIt: "Answer", key: "API key", useKey: "Use this key", keyNeeded: "This server asks for an API key.", working: "Working…",
    noModels: "There is no model.", choose: "Choose at least one model.",
    answer: "Answer", nothing: "no answer", before: "Before", now: "Now", changed: "changed", undo: "Undo the changes",
    play: "Play", pause: "Pause", back: "One step back", forward: "One step forward", place: "Step",
    read: "Read", context: "Context", written: "Written",
    withAttention: "weighted mean of the encoder's states, new at every step", without: "one vector for the whole source: no attention", ofItem: "a state for each item: no attention",
    next: "What could come next", nextHint: "Choose another symbol, and the answer goes on from there.", model: "model",
    entropy: (nats, symbols) => `Entropy over all symbols: ${nats} nats, as unsure as among ${symbols} equally likely ones.`,
    norm: (norm) => `length of the encoder's state: ${norm}`, contextStrip: (count) => `the context's ${count} features in colour`,
    statesHint: (shown, all, most) => `Strips: the encoder's state at each symbol, ${shown} of ${all} features, orange above zero and blue below, strongest at ±${most}.`,
    noChange: "The attention weights of this model cannot be changed: it has several attentions, or uses the weights for something else as well.",
    tree: "The beam's tree", best: "Answers", score: "log-probability", cut: "cut at the longest answer", confidence: "confidence", end: "end",
    weights: "All attention weights", symbol: "Symbol", weightOf: (token, step) => `Weight of ${token} at step ${step}`,
    changeWeight: "Change an attention weight", applyWeight: "Set this weight", position: "Source symbol", weight: "Weight",
    labels: "Labels", mostWeight: "Most weight", sentence: (number) => `Sentence ${number}`,
    drawing: "What was written", items: (count) => `${count} steps of numbers`, chart: "What was forecast",
    noSteps: "The search of this model cannot be shown, because it writes numbers. This is its answer.",
    ownAnswer: "This answer comes from the model's dictionary, not from the network.",
    networkSays: (text) => `The network alone would write: ${text}`,
    treeOf: (count, steps) => `A tree with ${count} symbols in ${steps} steps; the list of answers says the same.`,
    step: (at, all) => `Step ${at} of ${all}`, start: "Nothing is written yet.",
    told: (at, all, token, chance) => `Step ${at} of ${all}: ${token}, ${chance}.`, looks: (token, weight) => `Most attention: ${token}, ${weight}.`,
    tableHint: "forecasters: a table with a header, ds and y, and unique_id where there are several series; the longest answer is how many steps",
    noTable: "This is no table: give a header such as ds,y and a row for each value.",
    rowOf: (row, cells, names) => `Row ${row} has ${cells} cells, and the header has ${names}.`,
    forecasts: (steps) => `forecasts ${steps} steps`, moreSeries: (count) => `${count} more series are not drawn.`,
    fanHint: "Line: what was. Coloured line: the median of what comes. Bands: where 90, 80, 60, 40 and 20 % of the values are expected.",
    fanOf: (name, steps, last) => `Forecast of ${name} for ${steps} steps, at the end ${last}; the table below says the same.`,
    inNumbers: "In numbers", when: "When", median: "Median", ninety: "90 % interval",
    forced: "forced symbols", edited: "changed weights", reads: "reads", writes: "writes",
  },
  ko: {
    other: "English", otherCode: "en", lead: "왼쪽에 입력하세요. 답이 기호 하나씩 만들어지는 과정이 보입니다.",
    models: "모델", source: "입력", sourceHint: "모델이 읽을 것", numbersHint: "한 줄에 한 단계, 숫자는 빈칸으로 나눔",
    settings: "설정", beam: "빔 너비", draw: "무작위로 뽑기", temperature: "온도", seed: "난수 시드", longest: "답의 최대 길이",
    answerIt: "답하기", key: "API 키", useKey: "이 키 쓰기", keyNeeded: "이 서버는 API 키를 요구합니다.", working: "계산하는 중…",
    noModels: "모델이 없습니다.", choose: "모델을 하나 이상 고르세요.",
    answer: "답", nothing: "답 없음", before: "바꾸기 전", now: "지금", changed: "바뀜", undo: "바꾼 것 되돌리기",
    play: "재생", pause: "멈춤", back: "한 단계 뒤로", forward: "한 단계 앞으로", place: "단계",
    read: "읽은 것", context: "문맥", written: "쓴 것",
    withAttention: "인코더 상태의 가중 평균, 단계마다 새로 계산", without: "입력 전체를 벡터 하나로: 어텐션 없음", ofItem: "항목마다 상태 하나: 어텐션 없음",
    next: "다음에 올 수 있는 것", nextHint: "다른 기호를 고르면 거기서부터 답이 이어집니다.", model: "모델",
    entropy: (nats, symbols) => `모든 기호에 대한 엔트로피: ${nats} nats. 확률이 같은 기호 ${symbols}개 사이에서 고르는 것만큼 불확실합니다.`,
    norm: (norm) => `인코더 상태의 길이: ${norm}`, contextStrip: (count) => `문맥의 특징 ${count}개를 색으로`,
    statesHint: (shown, all, most) => `띠: 기호마다 인코더의 상태, 특징 ${all}개 중 ${shown}개. 0보다 크면 주황, 작으면 파랑, 가장 진한 색은 ±${most}.`,
    noChange: "이 모델의 어텐션 가중치는 바꿀 수 없습니다. 어텐션이 여럿이거나 가중치를 다른 데에도 쓰기 때문입니다.",
    tree: "빔 트리", best: "답 목록", score: "로그 확률", cut: "최대 길이에서 잘림", confidence: "맞을 확률", end: "끝",
    weights: "어텐션 가중치 전체", symbol: "기호", weightOf: (token, step) => `${step}단계에서 ${token}의 가중치`,
    changeWeight: "어텐션 가중치 바꾸기", applyWeight: "이 가중치로", position: "입력 기호", weight: "가중치",
    labels: "레이블", mostWeight: "가중치가 큰 것", sentence: (number) => `문장 ${number}`,
    drawing: "쓴 글씨", items: (count) => `숫자 ${count}단계`, chart: "예측한 값",
    noSteps: "이 모델은 숫자를 쓰므로 탐색 과정을 보여 줄 수 없습니다. 답은 다음과 같습니다.",
    ownAnswer: "이 답은 신경망이 아니라 모델에 딸린 사전에서 왔습니다.",
    networkSays: (text) => `신경망만으로 쓴 답: ${text}`,
    treeOf: (count, steps) => `${steps}단계에 걸친 기호 ${count}개의 트리. 답 목록과 내용이 같습니다.`,
    step: (at, all) => `${all}단계 중 ${at}단계`, start: "아직 아무것도 쓰지 않았습니다.",
    told: (at, all, token, chance) => `${all}단계 중 ${at}단계: ${token}, ${chance}.`, looks: (token, weight) => `가장 주목한 것: ${token}, ${weight}.`,
    tableHint: "예측 모델: 머리글이 있는 표, ds와 y, 시계열이 여럿이면 unique_id도; 답의 최대 길이가 단계 수입니다",
    noTable: "표가 아닙니다. ds,y 같은 머리글과 값마다 한 줄이 필요합니다.",
    rowOf: (row, cells, names) => `${row}번째 줄은 칸이 ${cells}개인데 머리글은 ${names}개입니다.`,
    forecasts: (steps) => `${steps}단계 예측`, moreSeries: (count) => `시계열 ${count}개는 그리지 않았습니다.`,
    fanHint: "선: 지난 값. 색이 있는 선: 앞으로 올 값의 중앙값. 띠: 값의 90, 80, 60, 40, 20 %가 들어올 것으로 보는 범위.",
    fanOf: (name, steps, last) => `${name}의 ${steps}단계 예측, 마지막은 ${last}. 아래 표와 내용이 같습니다.`,
    inNumbers: "숫자로 보기", when: "때", median: "중앙값", ninety: "90 % 구간",
    forced: "정해 준 기호", edited: "바꾼 가중치", reads: "읽기", writes: "쓰기",
  },
};

/** The language to begin with: the one chosen last, or the browser's. */
export function firstLanguage() {
  try {
    const chosen = localStorage.getItem("unspool.language");
    if (chosen in WORDS) return chosen;
  } catch {
    // storage may be forbidden, for a file on a disk for example
  }
  return navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
}

/** Remember a language where the browser allows it. */
export function rememberLanguage(language) {
  try {
    localStorage.setItem("unspool.language", language);
  } catch {
    // then it is chosen again next time
  }
}
