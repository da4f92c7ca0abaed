#include "report/verify.hpp"

namespace entente::report {

namespace {

Value finding_json(const Finding& finding) {
    Value out = Value::object();
    out.set("from", finding.from);
    out.set("to", finding.to);
    if (!finding.property.empty()) {
        out.set("property", finding.property);
        out.set("from_value", finding.from_value.value_or(Value()));
        out.set("to_value", finding.to_value.value_or(Value()));
    }
    out.set("text", finding.text);
    return out;
}

Value flow_json(const FlowVerdict& flow, const model::Workspace& workspace) {
    Value out = Value::object();
    out.set("from", workspace.data_type(flow.from).name);
    out.set("to", workspace.data_type(flow.to).name);
    out.set("linked", flow.linked);
    out.set("agree", flow.agree);
    out.set("differ", flow.differ);
    out.set("missing", flow.missing);
    out.set("waiting", flow.waiting);
    out.set("held", flow.held);
    out.set("parked", flow.parked);
    Value findings = Value::list();
    for (const auto& finding : flow.findings) findings.as_list().push_back(finding_json(finding));
    if (!findings.as_list().empty()) out.set("findings", std::move(findings));
    return out;
}

}  // namespace

Value to_json(const Verdict& verdict, const model::Workspace& workspace) {
    Value pairs = Value::list();
    for (const auto& pair : verdict.pairs) {
        Value flows = Value::list();
        for (const auto& flow : pair.flows) flows.as_list().push_back(flow_json(flow, workspace));
        Value one = Value::object();
        one.set("from", workspace.system(pair.from).name);
        one.set("to", workspace.system(pair.to).name);
        one.set("flows", std::move(flows));
        pairs.as_list().push_back(std::move(one));
    }
    Value out = Value::object();
    out.set("pairs", std::move(pairs));
    out.set("differ", verdict.differ);
    out.set("missing", verdict.missing);
    return out;
}

}  // namespace entente::report
