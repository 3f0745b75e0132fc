// Decides by which facts a node of a condition tree tells its entries apart.
#pragma once

#include "mixer_client/condition_node.h"

namespace mixer_client {

/// Gives a node without groups the groups it needs, and their nodes too; none when it holds few
/// entries.
void split(Node& node);

/// Makes the groups of a node anew, with all that is below it.
void split_again(Node& node);

}  // namespace mixer_client
