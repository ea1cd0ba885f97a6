"""The words of panels in English and in Korean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from unspool.explain.panels import Texts

if TYPE_CHECKING:
    from unspool.explain.attention_maps import AttentionMap
    from unspool.explain.cell_traces import CellTrace

GATES: Mapping[str, Texts] = {
    "i": {"en": "input gate i", "ko": "입력 게이트 i"},
    "f": {"en": "forget gate f", "ko": "망각 게이트 f"},
    "g": {"en": "candidate g", "ko": "후보 g"},
    "o": {"en": "output gate o", "ko": "출력 게이트 o"},
    "r": {"en": "reset gate r", "ko": "리셋 게이트 r"},
    "z": {"en": "update gate z (of the old state)", "ko": "갱신 게이트 z(이전 상태의 몫)"},
    "n": {"en": "candidate n", "ko": "후보 n"},
}
STATES: Mapping[str, Texts] = {
    "h": {"en": "hidden state h", "ko": "은닉 상태 h"},
    "c": {"en": "cell state c", "ko": "셀 상태 c"},
}
GATES_KEY: Texts = {
    "en": "A row is a unit, a column a step. A gate is between 0, closed, and 1, open. A candidate, between −1 and 1, "
    "is what may be written: blue is above zero, orange below.",
    "ko": "행은 유닛, 열은 단계입니다. 게이트는 0(닫힘)과 1(열림) 사이입니다. 후보는 −1과 1 사이에서 새로 쓰일 값이며, "
    "파란색은 양수, 주황색은 음수입니다.",
}
STATES_KEY: Texts = {
    "en": "A row is a unit, a column the state after that step. Blue is above zero, orange below.",
    "ko": "행은 유닛, 열은 그 단계 뒤의 상태입니다. 파란색은 양수, 주황색은 음수입니다.",
}
HEADS_KEY: Texts = {
    "en": "A row is who attends, a column what is attended to. The darker, the larger the weight; a row of a softmax "
    "adds up to 1. Where no weight is above 0.25, the darkest is the largest of its map.",
    "ko": "행은 보는 쪽, 열은 보이는 쪽입니다. 짙을수록 가중치가 크고, 소프트맥스라면 행의 합은 1입니다. 0.25를 넘는 "
    "가중치가 없으면 그림마다 가장 큰 가중치가 가장 짙습니다.",
}
TITLES: Mapping[str, Texts] = {
    "heads": {"en": "Every attention, layer and head", "ko": "모든 층과 헤드의 어텐션"},
    "gates": {"en": "Gates over time", "ko": "시간에 따른 게이트"},
    "states": {"en": "Hidden states over time", "ko": "시간에 따른 은닉 상태"},
    "search": {"en": "How the answer was found", "ko": "답을 찾은 과정"},
    "neighbours": {"en": "Nearest training examples", "ko": "가장 가까운 훈련 예"},
    "all": {"en": "Inside a network", "ko": "신경망의 안"},
}
KINDS: Mapping[str, Texts] = {
    "encoder": {"en": "Encoder, the source over itself", "ko": "인코더, 원문이 자신을 봄"},
    "decoder": {"en": "Decoder, over what was written before", "ko": "디코더, 앞서 쓴 것을 봄"},
    "cross": {"en": "Decoder, over the source", "ko": "디코더, 원문을 봄"},
    "source": {"en": "Over the source", "ko": "원문을 봄"},
    "sentences": {"en": "Sentences", "ko": "문장"},
    "words": {"en": "Words, each within its sentence", "ko": "단어(문장 안에서)"},
}
HEAD: Texts = {"en": "head {}", "ko": "헤드 {}"}
WEIGHT: Texts = {"en": "weight", "ko": "가중치"}
SYMBOL: Texts = {"en": "symbol", "ko": "기호"}
SEARCH_KEY: Texts = {
    "en": "Probability: how sure the model was of each symbol. Entropy: how many others it thought possible, in bits; "
    "0 is certain, 1 is a choice between two equals. In the tree, a row is a hypothesis; the thick path is the best "
    "answer, thick boxes end an answer, and dashed ones were given up.",
    "ko": "확률은 모델이 각 기호를 얼마나 확신했는지, 엔트로피는 다른 기호를 얼마나 가능하게 보았는지(비트)입니다. "
    "0은 확실함, 1은 똑같은 두 선택지입니다. 트리에서 행은 가설이고, 굵은 길은 가장 좋은 답, 굵은 상자는 답의 끝, "
    "점선 상자는 버려진 가설입니다.",
}
SEARCH: Mapping[str, Texts] = {
    "symbols": {"en": "Each symbol of the best answer", "ko": "가장 좋은 답의 기호마다"},
    "sure": {"en": "probability; entropy in bits", "ko": "확률, 엔트로피(비트)"},
    "symbol": SYMBOL,
    "probability": {"en": "probability", "ko": "확률"},
    "entropy": {"en": "entropy, bits", "ko": "엔트로피(비트)"},
    "others": {"en": "others that were likely", "ko": "가능했던 다른 기호"},
    "answers": {"en": "Answers", "ko": "답"},
    "text": {"en": "text", "ko": "글"},
    "rank": {"en": "rank", "ko": "순위"},
    "score": {"en": "sum of log-probabilities", "ko": "로그 확률의 합"},
}
SEARCH_TREE: Mapping[str, Texts] = {
    "name": {
        "en": "The search as a tree: {} steps, {} hypotheses. Move with the arrow keys.",
        "ko": "트리로 본 탐색: 단계 {}개, 가설 {}개. 화살표로 움직입니다.",
    },
    "kind": {"en": "tree", "ko": "트리"},
    "node": {
        "en": "step {depth}: {token}, probability {share:.1%}, sum of log-probabilities {score:.2f}{end}",
        "ko": "{depth}단계: {token}, 확률 {share:.1%}, 로그 확률의 합 {score:.2f}{end}",
    },
    "answer": {"en": ", answer {}", "ko": ", 답 {}"},
    "given_up": {"en": ", given up", "ko": ", 버려짐"},
    "root": {"en": "beginning", "ko": "시작"},
}
NEIGHBOURS_KEY: Texts = {
    "en": "For each symbol of the answer, the places in training targets at which the decoder's state was most alike, "
    "by the cosine. The marked symbol is what stood there: what the model has learned to write in such a state.",
    "ko": "답의 기호마다, 디코더의 상태가 코사인으로 가장 비슷했던 훈련 정답 속의 자리입니다. 표시된 기호가 그 자리에 "
    "있던 것, 곧 모델이 그런 상태에서 쓰도록 배운 것입니다.",
}
NEIGHBOURS: Mapping[str, Texts] = {
    "symbol": SYMBOL,
    "nearest": {"en": "number {}: similarity, source → target", "ko": "{}번째: 유사도, 원문 → 정답"},
}
_PHASES: Mapping[str, Texts] = {
    "reading": {"en": "Reading", "ko": "읽기"},
    "writing": {"en": "Writing", "ko": "쓰기"},
    "words": {"en": "Reading words", "ko": "단어 읽기"},
    "sentences": {"en": "Reading sentences", "ko": "문장 읽기"},
}
_LAYER: Texts = {"en": "layer {}", "ko": "{}층"}
_BACKWARD: Texts = {"en": "from the end ←", "ko": "끝에서부터 ←"}


def title_of_layer(trace: CellTrace) -> Texts:
    """Such as `Reading, layer 1, from the end ←`."""
    parts = [_PHASES[trace.level or trace.phase], {k: v.format(trace.layer) for k, v in _LAYER.items()}]
    return joined([*parts, *[_BACKWARD] * trace.backward])


def title_of_attention(one: AttentionMap) -> Texts:
    """Such as `Decoder, over the source, layer 2`."""
    layer = [{language: text.format(one.layer) for language, text in _LAYER.items()}] if one.layer else []
    return joined([KINDS[one.kind], *layer])


def joined(texts: list[Texts], between: str = ", ") -> Texts:
    """Texts with something between them, in each language."""
    return {language: between.join(text[language] for text in texts) for language in ("en", "ko")}
