"""What is learned for a task is added to the packaged model, of whichever form it is kept in."""

import numpy as np
import pytest
import torch

from assistant.tuned import TUNED, learned, network, tokenizer
from eval.tuning import Thin, Whole, changeable, kept, learn


@pytest.mark.parametrize("change, parts, size", [(Thin, {"up", "down"}, 0.05), (Whole, {"steps", "step"}, 0.01)])
def test_what_is_learned_is_what_is_read(change, parts, size, tmp_path):
    given = tokenizer()("How often are children visited?", return_tensors="pt")
    model, head = changeable(change), torch.nn.Linear(384, 1)

    def states(network):
        with torch.inference_mode():
            return network.eval()(**given).last_hidden_state.numpy()

    before = states(model)
    torch.manual_seed(1)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data += size * torch.randn_like(parameter)
    learn(model, {"answers": head}, [given], lambda one: head(model(**one).last_hidden_state).sum())  # the first step is of no length
    made = kept(model, {"answers": head})
    assert {name.rpartition(".")[2] for name in made} == parts | {"weight", "bias"} and len(made) == 2 * 6 * len(TUNED) + 2
    np.savez(tmp_path / "made.npz", **made)
    held = learned(tmp_path / "made.npz", ["answers"], "the test")
    assert np.allclose(held["answers.weight"], head.weight.detach(), atol=1e-3)
    after, read = states(model), states(network(held))
    assert np.abs(after - before).max() > 0.2, "the change is one that is seen"
    assert np.abs(read - after).mean() < 0.1 * np.abs(after - before).mean()


def test_whole_changes_are_kept_in_steps_of_a_quarter_of_their_size():
    layer = Whole(torch.nn.Linear(2, 2))
    layer.change.data = torch.tensor([[3.0, -4.0], [0.0, 5.0]])  # root mean square: square root of (9 + 16 + 0 + 25) / 4
    made = layer.learned()
    assert made["step"] == pytest.approx(12.5**0.5 / 4) and made["steps"].dtype == np.int8
    assert made["steps"].tolist() == [[3, -5], [0, 6]], "3 / 0.884 = 3.39, 4 / 0.884 = 4.53, 5 / 0.884 = 5.66"
