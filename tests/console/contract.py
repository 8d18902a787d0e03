"""The contract of the console (src/console/api.yaml), and values held against it."""
import yaml


class Failed(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Failed(message)


class Contract:
    """Checks values against the schemas of an OpenAPI file, strictly: what is not described must not be there."""

    def __init__(self, path):
        self.file = yaml.safe_load(path.read_text())

    def resolve(self, schema):
        while "$ref" in schema:
            target = self.file
            for part in schema["$ref"].split("/")[1:]:
                target = target[part]
            schema = target
        return schema

    def fields(self, schema):
        """(properties, required) of an object, those it is made of included."""
        schema = self.resolve(schema)
        properties, required = dict(schema.get("properties", {})), list(schema.get("required", []))
        for part in schema.get("allOf", []):
            more, also_required = self.fields(part)
            properties.update(more)
            required += also_required
        return properties, required

    def check(self, value, schema, where):
        nullable = schema.get("nullable", False)
        schema = self.resolve(schema)
        if value is None:
            expect(nullable or schema.get("nullable", False) or not schema.get("type"), f"{where} is null")
            return
        kind = schema.get("type", "object" if "allOf" in schema else None)
        if kind == "object":
            self.check_object(value, schema, where)
        elif kind == "array":
            expect(isinstance(value, list), f"{where} is no list: {value!r}")
            for i, item in enumerate(value):
                self.check(item, schema["items"], f"{where}[{i}]")
        elif kind == "string":
            expect(isinstance(value, str), f"{where} is no string: {value!r}")
            expect("enum" not in schema or value in schema["enum"], f"{where} is {value!r}, none of {schema.get('enum')}")
        elif kind == "boolean":
            expect(isinstance(value, bool), f"{where} is no boolean: {value!r}")
        elif kind == "integer":
            expect(isinstance(value, int) and not isinstance(value, bool), f"{where} is no whole number: {value!r}")
        elif kind == "number":
            expect(isinstance(value, (int, float)) and not isinstance(value, bool), f"{where} is no number: {value!r}")

    def check_object(self, value, schema, where):
        expect(isinstance(value, dict), f"{where} is no object: {value!r}")
        properties, required = self.fields(schema)
        for name in required:
            expect(name in value, f"{where} has no '{name}'")
        for name, field in value.items():
            expect(name in properties, f"{where} has '{name}', which the contract does not know")
            self.check(field, properties[name], f"{where}.{name}")

    def schema_of(self, path, method, status):
        responses = self.file["paths"][path][method]["responses"]
        response = self.resolve(responses.get(str(status), responses["default"]))
        expect(str(status) in responses or status >= 400, f"{method} {path} answers {status}, which is not described")
        return next(iter(response["content"].values()))["schema"]
