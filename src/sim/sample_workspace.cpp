#include "sim/sample_workspace.hpp"

namespace entente::sim {
namespace {

constexpr std::string_view text =
    R"(# A workspace: the systems that Entente keeps in agreement. Two examples stand below; replace them
# by yours. `entente check` says what is still to be filled in, and what all this means.
workspace: my-company
# country: NL                  # for phone numbers without country code
# timezone: Europe/Amsterdam

# Where two systems would have an equal right, the upper one has it.
systems:
  Webshop:
    connector: custom-webshop
    # base_url: https://shop.example
    auth: {api_key: "${WEBSHOP_API_KEY}"}    # from the environment, or "file:PATH"; never the secret itself
  ERP:
    connector: custom-erp
    # base_url: https://erp.example
    auth: {token: "${ERP_TOKEN}"}
    # poll_every: 5s           # how often changes are asked for
    # sweep_every: 1h          # how often everything is read, which shows what was removed
    # data_types:
    #   Product: {creates: no}     # a new product here makes none elsewhere
    #   Customer: {share: false}   # read, never written

# What is created where. Edits travel between all linked records, whatever the flows.
# `derived`: one flow per pair of data types of one model, in both directions. Or exactly a list:
# flows:
#   - {from: Webshop.Customer, to: ERP.Customer, create: always}
#   - {from: ERP.Customer, to: Webshop.Customer, create: never}    # link only
flows: derived

# Who wins when both sides changed one value before they could agree: the latest edit, or the
# systems in this order: {prefer: [ERP, Webshop]}. The value that loses is kept in the history.
conflicts: latest
# properties:
#   product.price: {conflicts: {prefer: [ERP]}}    # another policy for one property
)";

}  // namespace

std::string_view sample_workspace() {
    return text;
}

}  // namespace entente::sim
