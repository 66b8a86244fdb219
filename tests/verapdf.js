// Holds PDFs against veraPDF's profiles of PDF/A-3a and PDF/UA-1, run by Rhino from veraPDF's own
// jar; prints what fails as JSON. The profiles are read here: this jar has no JAXB to do it.
var veraPDF = Packages.org.verapdf;
var Profiles = veraPDF.pdfa.validation.profiles.Profiles;
var Argument = veraPDF.pdfa.validation.profiles.ErrorArgumentImpl;
var PROFILES = { "3a": "PDFA-3A.xml", "ua1": "PDFUA-1.xml" };
var AT_MOST = 20; // failures that are told of one rule

function children(parent, name) {
  var found = [];
  for (var node = parent.getFirstChild(); node; node = node.getNextSibling()) {
    if (node.getNodeName() == name) found.push(node);
  }
  return found;
}

function child(parent, name) {
  return children(parent, name)[0];
}

function text(parent, name) {
  return child(parent, name).getTextContent();
}

function rule(flavour, node) {
  var id = child(node, "id");
  var error = child(node, "error");
  var names = new java.util.ArrayList();
  children(child(error, "arguments"), "argument").forEach(function (each) {
    names.add(Argument.fromValues(each.getTextContent(), each.getAttribute("name"), null));
  });
  var number = Number(id.getAttribute("testNumber"));
  return Profiles.ruleFromValues(
    Profiles.ruleIdFromValues(flavour.getPart(), id.getAttribute("clause"), number),
    node.getAttribute("object"),
    node.hasAttribute("deferred")
      ? java.lang.Boolean.valueOf(node.getAttribute("deferred"))
      : null,
    node.getAttribute("tags"),
    text(node, "description"),
    text(node, "test"),
    Profiles.errorFromValues(text(error, "message"), names),
    new java.util.ArrayList(),
  );
}

function variable(node) {
  return Profiles.variableFromValues(
    node.getAttribute("name"),
    node.getAttribute("object"),
    text(node, "defaultValue"),
    text(node, "value"),
  );
}

function profile(flavour, file) {
  var loader = Profiles.defaultProfile().getClass().getClassLoader();
  var stream = loader.getResourceAsStream("org/verapdf/pdfa/validation/" + file);
  var factory = javax.xml.parsers.DocumentBuilderFactory.newInstance();
  var root = factory.newDocumentBuilder().parse(stream).getDocumentElement();
  var rules = new java.util.HashSet();
  var variables = new java.util.HashSet();
  children(child(root, "rules"), "rule").forEach(function (node) {
    rules.add(rule(flavour, node));
  });
  children(child(root, "variables"), "variable").forEach(function (node) {
    variables.add(variable(node));
  });
  var details = Profiles.profileDetailsFromValues(file, file, "", new java.util.Date(0));
  return Profiles.profileFromValues(flavour, details, "", rules, variables);
}

function failures(result) {
  var found = [];
  for (var each = result.getTestAssertions().iterator(); each.hasNext();) {
    var assertion = each.next();
    var id = assertion.getRuleId();
    found.push({
      rule: String(id.getClause()) + "-" + id.getTestNumber(),
      message: String(assertion.getMessage()),
      place: String(assertion.getLocation().getContext()),
    });
  }
  return found;
}

function validate(path, name) {
  var foundry = veraPDF.pdfa.Foundries.defaultInstance();
  var flavour = veraPDF.pdfa.flavours.PDFAFlavour.fromString(name);
  var rules = profile(flavour, PROFILES[name]);
  var parser = foundry.createParser(new java.io.FileInputStream(path), flavour);
  try {
    var validator = foundry.createValidator(rules, AT_MOST, false, false, false);
    var result = validator.validate(parser);
    return {
      compliant: Boolean(result.isCompliant()),
      rules: Number(rules.getRules().size()),
      assertions: Number(result.getTotalAssertions()),
      failures: failures(result),
    };
  } finally {
    parser.close();
  }
}

java.util.logging.LogManager.getLogManager().reset();
veraPDF.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var report = {};
for (var name in PROFILES) report[name] = validate(String(arguments[0]), name);
print(JSON.stringify(report));
