// Why each line of an update is there, in a sentence.
#include "training/step_parts.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

std::string words_for_gradient(const StepRecord& record) {
    const std::string steep = "How steeply the batch's loss rises with this number";
    if (record.clip_factor < 1) return steep + ", shrunk together with all others.";
    if (record.clip <= 0) return steep + ". This run never clips.";
    return fmt::format("{}. All gradients together are {} long, within the limit of {}: nothing is "
                       "clipped.",
                       steep, number_text(record.gradient_norm, 3), number_text(record.clip, 3));
}

std::string words_for_stride(const StepRecord& record) {
    switch (record.optimizer.kind) {
    case OptimizerKind::gradient_descent:
        return "The learning rate says how far to go for each unit of gradient.";
    case OptimizerKind::momentum:
        return "The learning rate says how far to go for each unit of velocity.";
    case OptimizerKind::adam:
    case OptimizerKind::adamw:
        break;
    }
    return fmt::format(
        "The mean divided by the gradient's usual size (the root): each number moves "
        "by about the rate, {}, or less.",
        number_text(record.learning_rate, 3));
}

} // namespace

std::string sentence_for(const StepRecord& record, UpdateRule rule) {
    switch (rule) {
    case UpdateRule::clip_factor:
        return fmt::format("All gradients together are {} long, and longer than {} would be too "
                           "far at once: all shrink alike, so the direction stays.",
                           number_text(record.gradient_norm, 3), number_text(record.clip, 3));
    case UpdateRule::gradient:
        return words_for_gradient(record);
    case UpdateRule::decay:
        return "AdamW first pulls every matrix a little towards 0: what the loss does not need "
               "fades away.";
    case UpdateRule::velocity:
        return "Like a rolling ball: it keeps most of its velocity, and the gradient pushes. "
               "Directions that stay the same gain speed.";
    case UpdateRule::mean:
        return "Every batch gives another gradient; the running mean keeps what they have in "
               "common.";
    case UpdateRule::mean_square:
        return "The running mean of the gradient times itself: how large it usually is, whatever "
               "its sign.";
    case UpdateRule::corrected_mean:
        return "The mean began at 0, so in the first steps it is too small; this makes up for it "
               "(bias correction).";
    case UpdateRule::corrected_square:
        return "The square began at 0, too, and is made up for in the same way.";
    case UpdateRule::stride:
        return words_for_stride(record);
    case UpdateRule::new_value:
        break;
    }
    return "Minus, because the gradient points to where the loss rises, and we want it to fall.";
}

} // namespace whirlygig
