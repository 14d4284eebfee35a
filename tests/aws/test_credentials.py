"""Where credentials and regions come from. STS is moto's; the metadata endpoints are a few lines
that hold clients to the fixed contracts."""

import json
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs

import pytest

import servers
from servers import Scripted, environment, failure, plain_environment, probe

ROLE = "arn:aws:iam::111122223333:role/reader"
SECRET = "secret/of+the=tests"


def identity(env=None, **options):
    options.setdefault("advance", "0")
    return probe("identity", env=env, **options)["identities"]


def write_profiles(directory, config="", keys=""):
    (directory / "config").write_text(config)
    (directory / "credentials").write_text(keys)
    return {"AWS_CONFIG_FILE": str(directory / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(directory / "credentials")}


def endpoint_answer(key, lifetime=3600):
    expires = datetime.now(timezone.utc) + timedelta(seconds=lifetime)
    return json.dumps({"Code": "Success", "AccessKeyId": key, "SecretAccessKey": SECRET,
                       "Token": "token", "Expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ")
                       }).encode()


def test_nothing_found_says_what_was_tried():
    message = failure("identity", advance="0", code="denied")
    for part in ["no AWS credentials: environment: AWS_ACCESS_KEY_ID is not set; ",
                 "profile 'default': not in '/nonexistent/credentials' or '/nonexistent/config'; ",
                 "web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set; ",
                 "container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and "
                 "AWS_CONTAINER_CREDENTIALS_FULL_URI are not set; ",
                 "instance: AWS_EC2_METADATA_DISABLED is true"]:
        assert part in message


def test_half_of_the_environment_is_an_error():
    message = failure("identity", advance="0", env={"AWS_ACCESS_KEY_ID": "AKIA"}, code="denied")
    assert message.endswith("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not")


def test_the_order_of_sources(tmp_path):
    files = write_profiles(tmp_path, keys=(
        "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n"
        "[audit]\naws_access_key_id = AKIAAUDIT\naws_secret_access_key = s\n"))
    keys = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"}
    for env, profile, want in [
        (files | keys, None, ("AKIAENV", "the environment")),
        (files, None, ("AKIADEFAULT", "profile 'default'")),
        (files | {"AWS_PROFILE": "audit"}, None, ("AKIAAUDIT", "profile 'audit'")),
        (files | keys, "audit", ("AKIAAUDIT", "profile 'audit'")),
    ]:
        options = {"profile": profile} if profile else {}
        found = identity(env, **options)[0]
        assert (found["access_key_id"], found["source"]) == want


def test_a_profile_that_does_not_exist_is_named(tmp_path):
    env = write_profiles(tmp_path) | {"AWS_PROFILE": "absent"}
    message = failure("identity", advance="0", env=env, code="not_found")
    assert message.startswith("no profile 'absent' in '")


BAD_PROFILES = [
    ("role_arn = " + ROLE, "has role_arn: expected source_profile"),
    ("role_arn = " + ROLE + "\nsource_profile = absent", "profile 'absent' is not in"),
    ("role_arn = " + ROLE + "\nsource_profile = other", "too long, or a circle"),
    ("role_arn = " + ROLE + "\nsource_profile = default\nmfa_serial = x", "nobody to ask"),
    ("role_arn = " + ROLE + "\ncredential_source = Sky", "expected Environment, EcsContainer"),
    ("role_arn = " + ROLE + "\nduration_seconds = 5", "expected 900 to 43200"),
    ("role_arn = " + ROLE + "\nweb_identity_token_file = /nonexistent", "cannot open"),
    ("credential_process = /bin/true", "credential_process, which is not supported"),
    ("sso_session = main", "sso_session, which is not supported"),
    ("aws_access_key_id = AKIA", "expected an access key id, a secret key"),
]


@pytest.mark.parametrize("settings, want", BAD_PROFILES)
def test_profiles_that_cannot_work_say_why(tmp_path, settings, want):
    other = "\n[profile other]\nrole_arn = r\nsource_profile = audit\n"
    env = write_profiles(tmp_path, "[profile audit]\n" + settings + other)
    assert want in failure("identity", advance="0", profile="audit", env=env, code="denied")


def test_damaged_profiles_name_the_line_and_no_secret(tmp_path):
    env = write_profiles(tmp_path, keys="[default]\naws_secret_access_key wJalrSECRET\n")
    answer = probe("identity", env=env, advance="0", expect=1)
    assert "in line 2" in answer["error"]["message"]
    assert "SECRET" not in answer["output"]


def test_roles_of_profiles_are_assumed(moto, tmp_path):
    env = write_profiles(
        tmp_path,
        config=f"[profile audit]\nrole_arn = {ROLE}\nsource_profile = base\nexternal_id = x\n"
               f"[profile deep]\nrole_arn = {ROLE}2\nsource_profile = audit\n"
               f"[profile own]\nrole_arn = {ROLE}\nsource_profile = own\n"
               "aws_access_key_id = AKIAOWN\naws_secret_access_key = s\n"
               f"[profile env]\nrole_arn = {ROLE}\ncredential_source = Environment\n",
        keys="[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n")
    env |= {"AWS_ENDPOINT_URL_STS": moto.url, "AWS_REGION": servers.REGION}
    for profile, extra, want in [
        ("audit", {}, f"the role '{ROLE}' assumed by profile 'base'"),
        ("deep", {}, f"the role '{ROLE}2' assumed by the role '{ROLE}' assumed by profile 'base'"),
        ("own", {}, f"the role '{ROLE}' assumed by profile 'own'"),
        ("env", {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"},
         f"the role '{ROLE}' assumed by the environment"),
    ]:
        found = identity(env | extra, profile=profile)[0]
        assert found["source"] == want
        assert found["access_key_id"].startswith("ASIA")


def test_an_assumed_role_is_used_and_its_token_verified(moto, tmp_path):
    """moto recomputes the signature with the role's secret and compares the token."""
    s3, iam = servers.client("s3", moto.url), servers.client("iam", moto.url)
    s3.create_bucket(Bucket="for-the-role",
                     CreateBucketConfiguration={"LocationConstraint": servers.REGION})
    s3.put_object(Bucket="for-the-role", Key="a+b=c /ä", Body=b"x")
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]}
    allow = {"Version": "2012-10-17",
             "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    role = iam.create_role(RoleName="s3-reader",
                           AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="s3-reader", PolicyName="p", PolicyDocument=json.dumps(allow))
    iam.create_user(UserName="assumer")
    iam.put_user_policy(UserName="assumer", PolicyName="p", PolicyDocument=json.dumps(allow))
    keys = iam.create_access_key(UserName="assumer")["AccessKey"]
    env = environment(moto.url, keys["AccessKeyId"], keys["SecretAccessKey"])
    moto.verify()
    try:
        out = tmp_path / "object"
        probe("get", "for-the-role", "a+b=c /ä", env=env, role=role, out=out)
    finally:
        moto.stop_verifying()
    assert out.read_bytes() == b"x"


def test_web_identity(moto, tmp_path):
    (tmp_path / "token").write_text("a.web.token\n")
    env = {"AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"), "AWS_ROLE_ARN": ROLE,
           "AWS_ROLE_SESSION_NAME": "pod", "AWS_ENDPOINT_URL_STS": moto.url}
    found = identity(env)[0]
    assert found["source"] == f"the role '{ROLE}' by web identity"
    without_role = {name: value for name, value in env.items() if name != "AWS_ROLE_ARN"}
    assert "AWS_ROLE_ARN is not" in failure("identity", advance="0", env=without_role,
                                            code="denied")


def test_web_identity_is_not_signed(tmp_path):
    (tmp_path / "token").write_text("a.web.token\n")
    with Scripted(lambda *_: (403, {}, b"<ErrorResponse><Error><Code>AccessDenied</Code>"
                                       b"</Error></ErrorResponse>")) as server:
        env = {"AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"), "AWS_ROLE_ARN": ROLE,
               "AWS_ENDPOINT_URL_STS": server.url}
        message = failure("identity", advance="0", env=env, code="denied")
        request = server.requests[0]
    assert "Authorization" not in request.headers
    form = parse_qs(request.body.decode())
    assert form["Action"] == ["AssumeRoleWithWebIdentity"]
    assert form["WebIdentityToken"] == ["a.web.token"]
    assert f"needs sts:AssumeRoleWithWebIdentity on {ROLE}" in message
    assert "a.web.token" not in message


@pytest.mark.parametrize("in_file", [True, False])
def test_a_container_asks_its_agent(tmp_path, in_file):
    (tmp_path / "token").write_text("Bearer of-the-file\n")
    with Scripted(lambda *_: (200, {}, endpoint_answer("ASIACONTAINER"))) as server:
        env = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/creds?x=1",
               "AWS_CONTAINER_AUTHORIZATION_TOKEN": "of-the-variable"}
        if in_file:
            env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = str(tmp_path / "token")
        found = identity(env)[0]
        request = server.requests[0]
    assert found["access_key_id"] == "ASIACONTAINER"
    assert request.path == "/creds?x=1"
    assert request.headers["authorization"] == ("Bearer of-the-file" if in_file
                                                else "of-the-variable")


@pytest.mark.parametrize("url", ["http://198.51.100.1/creds", "http://example.net/", "ftp://x/",
                                 "http://169.254.170.2@example.net/"])
def test_a_container_does_not_send_its_token_over_the_network(url):
    message = failure("identity", advance="0", env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": url},
                      code="denied")
    assert "expected AWS_CONTAINER_CREDENTIALS_FULL_URI to be https" in message


def instance(lifetime=3600, role=b"web-role"):
    """IMDSv2: a PUT for a token, without which nothing is told."""
    state = {"given": 0}

    def answer(request, _):
        if request.path == "/latest/api/token":
            assert request.method == "PUT"
            assert int(request.headers["x-aws-ec2-metadata-token-ttl-seconds"]) > 0
            return 200, {}, b"metadata-token"
        if request.headers.get("x-aws-ec2-metadata-token") != "metadata-token":
            return 401, {}, b""
        if request.path == "/latest/meta-data/placement/region":
            return 200, {}, b"eu-central-1"
        if request.path == "/latest/meta-data/iam/security-credentials/":
            return (200, {}, role) if role else (404, {}, b"")
        state["given"] += 1
        return 200, {}, endpoint_answer(f"ASIAINSTANCE{state['given']}", lifetime)

    return answer


def on_instance(server):
    return {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url}


def test_an_instance_tells_its_role_and_region():
    with Scripted(instance()) as server:
        found = identity(on_instance(server))[0]
        assert found["access_key_id"] == "ASIAINSTANCE1"
        assert found["source"] == "the instance's role 'web-role'"
        assert probe("region", env=on_instance(server))["region"] == "eu-central-1"


def test_an_instance_without_a_role_has_no_credentials():
    with Scripted(instance(role=None)) as server:
        message = failure("identity", advance="0", env=on_instance(server), code="denied")
    assert "instance: the instance has no" in message


def test_credentials_are_refreshed_five_minutes_before_they_expire():
    with Scripted(instance(lifetime=3600)) as server:
        # Moments in seconds from now; the answers' lifetime counts from now.
        found = probe("identity", env=on_instance(server), advance="0,3200,3310", expect=0)
        keys = [item["access_key_id"] for item in found["identities"]]
    assert keys == ["ASIAINSTANCE1", "ASIAINSTANCE1", "ASIAINSTANCE2"]


@pytest.mark.parametrize("accepted", ["ASIAINSTANCE2", "none of them"])
def test_keys_that_aws_calls_expired_are_replaced_once(accepted):
    metadata = instance()

    def answer(request, handler):
        if "Authorization" not in request.headers:
            return metadata(request, handler)
        if accepted in request.headers["Authorization"]:
            return 200, {}, b"<ListBucketResult/>"
        return 400, {}, b"<Error><Code>ExpiredToken</Code></Error>"

    with Scripted(answer) as server:
        env = on_instance(server) | {"AWS_ENDPOINT_URL_S3": server.url, "AWS_REGION": "eu-west-1"}
        if accepted == "ASIAINSTANCE2":
            probe("list", "bucket", env=env)
        else:
            message = failure("list", "bucket", env=env, code="denied")
            assert "check the credentials from the instance's role 'web-role'" in message
        assert len([r for r in server.requests if "Authorization" in r.headers]) == 2


def test_regions(tmp_path):
    files = write_profiles(tmp_path, config="[default]\nregion = eu-north-1\n")
    for env, options, want in [
        (files, {}, "eu-north-1"),
        (files | {"AWS_DEFAULT_REGION": "eu-west-2"}, {}, "eu-west-2"),
        (files | {"AWS_DEFAULT_REGION": "eu-west-2", "AWS_REGION": "eu-west-3"}, {}, "eu-west-3"),
        (files | {"AWS_REGION": "eu-west-3"}, {"region": "cn-north-1"}, "cn-north-1"),
    ]:
        assert probe("region", env=env, **options)["region"] == want
    message = failure("region", code="not_found")
    assert message.startswith("no AWS region: expected an option, AWS_REGION")
    assert "expected a region such as" in failure("region", region="eu/west", code="bad_request")
    assert "cannot use an endpoint" in failure("region", code="bad_request",
                                               env={"AWS_ENDPOINT_URL": "file:///etc/passwd"})
