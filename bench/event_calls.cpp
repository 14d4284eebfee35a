#include "bench/event_calls.h"

#include <array>

namespace trailsift::bench {
namespace {

// clang-format off
constexpr auto kCalls = std::to_array<CallTemplate>({
  {"AssumeRole", "sts", 'r', "aaaalx", "ec2.amazonaws.com",
   R"({"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"$instance",)"
   R"("durationSeconds":3600})",
   R"({"credentials":{"accessKeyId":"$tempkey","sessionToken":"IQoJb3JpZ2luX2VjE$hex",)"
   R"("expiration":"$expiry"},"assumedRoleUser":{"assumedRoleId":"$roleid:$instance",)"
   R"("arn":"arn:aws:sts::$account:assumed-role/$role/$instance"}})",
   R"([{"accountId":"$account","type":"AWS::IAM::Role","ARN":"arn:aws:iam::$account:role/$role"}])",
   "AccessDenied", 0.01},
  {"Decrypt", "kms", 'r', "aall", "dynamodb.amazonaws.com",
   R"({"encryptionContext":{"aws:dynamodb:tableName":"$service-$env",)"
   R"("aws:dynamodb:subscriberId":"$account"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"})",
   "null",
   R"([{"accountId":"$account","type":"AWS::KMS::Key",)"
   R"("ARN":"arn:aws:kms:$region:$account:key/$kmskey"}])",
   "AccessDenied", 0.01},
  {"GetObject", "s3", 'd', "iilus", "",
   R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$key"})",
   "null",
   R"([{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::$bucket/$key"},{"accountId":"$account",)"
   R"("type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}])",
   "NoSuchKey", 0.02},
  {"DescribeInstances", "ec2", 'r', "usil", "",
   R"({"maxResults":1000,"instancesSet":{},"filterSet":{"items":[{"name":"instance-state-name",)"
   R"("valueSet":{"items":[{"value":"running"}]}}]}})",
   "null",
   "",
   "Client.RequestLimitExceeded", 0.01},
  {"GetBucketAcl", "s3", 'r', "aaas", "cloudtrail.amazonaws.com",
   R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","acl":""})",
   "null",
   R"([{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}])",
   "AccessDenied", 0.01},
  {"CreateLogStream", "logs", 'w', "lll", "",
   R"({"logGroupName":"/aws/lambda/$function","logStreamName":"$logstream"})",
   "null",
   "",
   "ResourceAlreadyExistsException", 0.02},
  {"GenerateDataKey", "kms", 'r', "aail", "s3.amazonaws.com",
   R"({"keyId":"arn:aws:kms:$region:$account:key/$kmskey","encryptionContext":{)"
   R"("aws:s3:arn":"arn:aws:s3:::$bucket/$key"},"keySpec":"AES_256"})",
   "null",
   R"([{"accountId":"$account","type":"AWS::KMS::Key",)"
   R"("ARN":"arn:aws:kms:$region:$account:key/$kmskey"}])",
   "", 0.0},
  {"PutObject", "s3", 'p', "ilill", "",
   R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$key",)"
   R"("x-amz-server-side-encryption":"aws:kms"})",
   R"({"x-amz-server-side-encryption":"aws:kms","x-amz-version-id":"$hex"})",
   R"([{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::$bucket/$key"},{"accountId":"$account",)"
   R"("type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}])",
   "AccessDenied", 0.03},
  {"UpdateInstanceInformation", "ssm", 'w', "iii", "",
   R"({"instanceId":"$instance","agentVersion":"3.2.2303.0","agentStatus":"Active",)"
   R"("platformType":"Linux","platformName":"Debian GNU/Linux","platformVersion":"12",)"
   R"("iPAddress":"$privateip","computerName":"ip-$service.internal"})",
   "null",
   "",
   "AccessDeniedException", 0.02},
  {"GetParameter", "ssm", 'r', "ill", "",
   R"({"name":"/$env/$service/database-url","withDecryption":true})",
   "null",
   R"([{"accountId":"$account","ARN":"arn:aws:ssm:$region:$account:parameter/$env/$service/database)"
   R"(-url"}])",
   "ParameterNotFound", 0.02},
  {"Invoke", "lambda", 'd', "aau", "apigateway.amazonaws.com",
   R"({"functionName":"arn:aws:lambda:$region:$account:function:$function",)"
   R"("sourceArn":"arn:aws:execute-api:$region:$account:$hex/prod/GET/$service",)"
   R"("invocationType":"RequestResponse"})",
   "null",
   R"([{"accountId":"$account","type":"AWS::Lambda::Function",)"
   R"("ARN":"arn:aws:lambda:$region:$account:function:$function"}])",
   "TooManyRequestsException", 0.01},
  {"ListObjects", "s3", 'r', "usil", "",
   R"({"bucketName":"$bucket","list-type":"2","prefix":"$service/",)"
   R"("Host":"$bucket.s3.$region.amazonaws.com"})",
   "null",
   R"([{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}])",
   "AccessDenied", 0.05},
  {"GetSecretValue", "secretsmanager", 'r', "llius", "",
   R"({"secretId":"arn:aws:secretsmanager:$region:$account:secret:$env/$service/db"})",
   "null",
   "",
   "AccessDeniedException", 0.04},
  {"DescribeLogGroups", "logs", 'r', "usl", "",
   R"({"limit":50,"logGroupNamePrefix":"/aws/lambda/$service"})",
   "null",
   "",
   "ThrottlingException", 0.02},
  {"SendMessage", "sqs", 'p', "lli", "",
   R"({"queueUrl":"https://sqs.$region.amazonaws.com/$account/$service-$env"})",
   R"({"messageId":"$uuid","mD5OfMessageBody":"$hex"})",
   R"([{"accountId":"$account","type":"AWS::SQS::Queue",)"
   R"("ARN":"arn:aws:sqs:$region:$account:$service-$env"}])",
   "AWS.SimpleQueueService.NonExistentQueue", 0.005},
  {"GetItem", "dynamodb", 'd', "lll", "",
   R"({"tableName":"$service-$env","key":{"id":"HIDDEN_DUE_TO_SECURITY_REASONS"},)"
   R"("consistentRead":false})",
   "null",
   R"([{"accountId":"$account","type":"AWS::DynamoDB::Table",)"
   R"("ARN":"arn:aws:dynamodb:$region:$account:table/$service-$env"}])",
   "ProvisionedThroughputExceededException", 0.01},
  {"DescribeVolumes", "ec2", 'r', "usl", "",
   R"({"volumeSet":{"items":[{"volumeId":"$volume"}]},"filterSet":{}})",
   "null",
   "",
   "Client.InvalidVolume.NotFound", 0.02},
  {"GetCallerIdentity", "sts", 'r', "uslix", "",
   "null",
   "null",
   "",
   "", 0.0},
  {"DescribeAlarms", "monitoring", 'r', "usl", "",
   R"({"maxRecords":100,"alarmNamePrefix":"$service"})",
   "null",
   "",
   "Throttling", 0.02},
  {"GetBucketEncryption", "s3", 'r', "as", "config.amazonaws.com",
   R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","encryption":""})",
   "null",
   R"([{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}])",
   "ServerSideEncryptionConfigurationNotFoundError", 0.15},
  {"AssumeRoleWithWebIdentity", "sts", 'r', "w", "",
   R"({"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"runner-$number",)"
   R"("durationSeconds":3600})",
   R"({"credentials":{"accessKeyId":"$tempkey","sessionToken":"IQoJb3JpZ2luX2VjE$hex",)"
   R"("expiration":"$expiry"},"subjectFromWebIdentityToken":"repo:acme/$service:ref:refs/heads/main)"
   R"(","assumedRoleUser":{"assumedRoleId":"$roleid:runner-$number",)"
   R"("arn":"arn:aws:sts::$account:assumed-role/$role/runner-$number"},)"
   R"("provider":"arn:aws:iam::$account:oidc-provider/accounts.example.com",)"
   R"("audience":"sts.amazonaws.com"})",
   "",
   "ExpiredTokenException", 0.03},
  {"CreateNetworkInterface", "ec2", 'w', "al", "lambda.amazonaws.com",
   R"({"subnetId":"$subnet","description":"AWS Lambda VPC ENI-$function","groupSet":{"items":[{)"
   R"("groupId":"$group"}]},"privateIpAddressesSet":{},"clientToken":"$uuid"})",
   R"({"requestId":"$uuid","networkInterface":{"networkInterfaceId":"$eni","subnetId":"$subnet",)"
   R"("vpcId":"$vpc","availabilityZone":"$zone","ownerId":"$account","status":"pending",)"
   R"("privateIpAddress":"$privateip","sourceDestCheck":true,"groupSet":{"items":[{)"
   R"("groupId":"$group","groupName":"$service"}]}}})",
   "",
   "Client.InsufficientFreeAddressesInSubnet", 0.01},
  {"DescribeSecurityGroups", "ec2", 'r', "us", "",
   R"({"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"$group"}]},"filterSet":{}})",
   "null",
   "",
   "Client.UnauthorizedOperation", 0.04},
  {"RunInstances", "ec2", 'w', "asu", "autoscaling.amazonaws.com",
   R"({"instancesSet":{"items":[{"imageId":"$image","minCount":1,"maxCount":1}]},)"
   R"("instanceType":"$itype","blockDeviceMapping":{},"availabilityZone":"$zone","monitoring":{)"
   R"("enabled":true},"subnetId":"$subnet","disableApiTermination":false,"clientToken":"$uuid"})",
   R"({"requestId":"$uuid","reservationId":"r-0$hex","ownerId":"$account","groupSet":{},)"
   R"("instancesSet":{"items":[{"instanceId":"$instance","imageId":"$image","instanceState":{)"
   R"("code":0,"name":"pending"},"privateDnsName":"ip-$service.internal","amiLaunchIndex":0,)"
   R"("instanceType":"$itype","launchTime":$millis,"placement":{"availabilityZone":"$zone",)"
   R"("tenancy":"default"},"subnetId":"$subnet","vpcId":"$vpc","privateIpAddress":"$privateip",)"
   R"("architecture":"x86_64","rootDeviceType":"ebs","networkInterfaceSet":{"items":[{)"
   R"("networkInterfaceId":"$eni","groupSet":{"items":[{"groupId":"$group",)"
   R"("groupName":"$service"}]}}]}}]}})",
   "",
   "Client.InstanceLimitExceeded", 0.03},
  {"TerminateInstances", "ec2", 'w', "as", "autoscaling.amazonaws.com",
   R"({"instancesSet":{"items":[{"instanceId":"$instance"}]}})",
   R"({"requestId":"$uuid","instancesSet":{"items":[{"instanceId":"$instance","currentState":{)"
   R"("code":32,"name":"shutting-down"},"previousState":{"code":16,"name":"running"}}]}})",
   "",
   "Client.UnauthorizedOperation", 0.05},
  {"ListRoles", "iam", 'r', "us", "",
   R"({"maxItems":100,"pathPrefix":"/"})",
   "null",
   "",
   "AccessDenied", 0.05},
  {"GetRole", "iam", 'r', "usl", "",
   R"({"roleName":"$role"})",
   "null",
   "",
   "NoSuchEntityException", 0.05},
  {"BatchGetImage", "ecr", 'r', "il", "",
   R"({"registryId":"$account","repositoryName":"$service","imageIds":[{"imageTag":"$env"},{)"
   R"("imageTag":"latest"}],"acceptedMediaTypes":["application/vnd.oci.image.manifest.v1+json",)"
   R"("application/vnd.docker.distribution.manifest.v2+json"]})",
   "null",
   R"([{"accountId":"$account","ARN":"arn:aws:ecr:$region:$account:repository/$service"}])",
   "RepositoryNotFoundException", 0.01},
  {"LookupEvents", "cloudtrail", 'r', "us", "",
   R"({"maxResults":50,"lookupAttributes":[{"attributeKey":"EventName",)"
   R"("attributeValue":"ConsoleLogin"}]})",
   "null",
   "",
   "ThrottlingException", 0.05},
  {"ConsoleLogin", "signin", 'w', "ussr", "",
   "null",
   R"({"ConsoleLogin":"Success"})",
   "",
   "Failed authentication", 0.12},
  {"PutMetricData", "monitoring", 'p', "il", "",
   R"({"namespace":"acme/$service"})",
   "null",
   "",
   "", 0.0},
  {"StartQueryExecution", "athena", 'w', "su", "",
   R"({"queryString":"SELECT eventname,)"
   R"( count(*) FROM cloudtrail_logs WHERE day = '$time' GROUP BY 1","clientRequestToken":"$uuid",)"
   R"("queryExecutionContext":{"database":"security"},"resultConfiguration":{)"
   R"("outputLocation":"s3://$bucket/athena/"},"workGroup":"primary"})",
   R"({"queryExecutionId":"$uuid"})",
   "",
   "InvalidRequestException", 0.04},
  {"CreateTags", "ec2", 'w', "sua", "autoscaling.amazonaws.com",
   R"({"resourcesSet":{"items":[{"resourceId":"$instance"}]},"tagSet":{"items":[{"key":"Name",)"
   R"("value":"$service-$env"},{"key":"aws:autoscaling:groupName","value":"$service"}]}})",
   R"({"requestId":"$uuid","_return":true})",
   "",
   "Client.UnauthorizedOperation", 0.05},
  {"AuthorizeSecurityGroupIngress", "ec2", 'w', "su", "",
   R"({"groupId":"$group","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":$port,)"
   R"("toPort":$port,"groups":{},"ipRanges":{"items":[{"cidrIp":"$cidr",)"
   R"("description":"opened by $user"}]},"ipv6Ranges":{},"prefixListIds":{}}]}})",
   R"({"requestId":"$uuid","_return":true})",
   "",
   "Client.InvalidPermission.Duplicate", 0.08},
  {"CreateFunction20150331", "lambda", 'w', "su", "",
   R"({"functionName":"$function","runtime":"python3.12","role":"arn:aws:iam::$account:role/$role",)"
   R"("handler":"index.handler","timeout":30,"memorySize":512,"publish":true,"environment":{},)"
   R"("architectures":["arm64"],"tags":{"team":"$service"}})",
   R"({"functionName":"$function","functionArn":"arn:aws:lambda:$region:$account:function:$function)"
   R"(","runtime":"python3.12","codeSize":$number,"version":"1","revisionId":"$uuid",)"
   R"("state":"Pending","packageType":"Zip"})",
   "",
   "ResourceConflictException", 0.05},
  {"UpdateFunctionCode20150331v2", "lambda", 'w', "su", "",
   R"({"functionName":"$function","s3Bucket":"$bucket","s3Key":"$key","publish":true,)"
   R"("dryRun":false})",
   R"({"functionName":"$function","functionArn":"arn:aws:lambda:$region:$account:function:$function)"
   R"(","codeSize":$number,"codeSha256":"$hex","revisionId":"$uuid",)"
   R"("lastUpdateStatus":"InProgress"})",
   "",
   "ResourceConflictException", 0.05},
  {"CreateBucket", "s3", 'w', "su", "",
   R"({"bucketName":"$bucket","CreateBucketConfiguration":{"LocationConstraint":"$region"},)"
   R"("Host":"s3.$region.amazonaws.com"})",
   "null",
   R"([{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}])",
   "BucketAlreadyOwnedByYou", 0.2},
  {"PutBucketPolicy", "s3", 'w', "su", "",
   R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","policy":"",)"
   R"("bucketPolicy":{"Version":"2012-10-17","Statement":[{"Sid":"AllowAudit","Effect":"Allow",)"
   R"("Principal":{"AWS":"arn:aws:iam::$account:role/$role"},"Action":["s3:GetObject",)"
   R"("s3:ListBucket"],"Resource":["arn:aws:s3:::$bucket","arn:aws:s3:::$bucket/*"]}]}})",
   "null",
   R"([{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}])",
   "AccessDenied", 0.1},
  {"CreateRole", "iam", 'w', "su", "",
   R"({"roleName":"$role","path":"/","assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",)"
   R"(\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},)"
   R"(\"Action\":\"sts:AssumeRole\"}]}","description":"made by $user"})",
   R"({"role":{"path":"/","roleName":"$role","roleId":"$roleid",)"
   R"("arn":"arn:aws:iam::$account:role/$role","createDate":"$time"}})",
   "",
   "EntityAlreadyExistsException", 0.1},
  {"AttachRolePolicy", "iam", 'w', "su", "",
   R"({"roleName":"$role","policyArn":"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"})",
   "null",
   "",
   "NoSuchEntityException", 0.05},
  {"CreateUser", "iam", 'w', "sur", "",
   R"({"userName":"$user","tags":[{"key":"team","value":"$service"}]})",
   R"({"user":{"path":"/","userName":"$user","userId":"$userid",)"
   R"("arn":"arn:aws:iam::$account:user/$user","createDate":"$time"}})",
   "",
   "EntityAlreadyExistsException", 0.2},
  {"CreateAccessKey", "iam", 'w', "sur", "",
   R"({"userName":"$user"})",
   R"({"accessKey":{"userName":"$user","accessKeyId":"$accesskey","status":"Active",)"
   R"("createDate":"$time"}})",
   "",
   "LimitExceededException", 0.2},
  {"DeleteAccessKey", "iam", 'w', "su", "",
   R"({"userName":"$user","accessKeyId":"$accesskey"})",
   "null",
   "",
   "NoSuchEntityException", 0.1},
  {"PutUserPolicy", "iam", 'w', "su", "",
   R"({"userName":"$user","policyName":"$service-inline","policyDocument":"{)"
   R"(\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",)"
   R"(\"Resource\":\"*\"}]}"})",
   "null",
   "",
   "AccessDenied", 0.1},
  {"StopLogging", "cloudtrail", 'w', "sur", "",
   R"({"name":"arn:aws:cloudtrail:$region:$account:trail/organization"})",
   "null",
   "",
   "AccessDeniedException", 0.6},
  {"DeleteTrail", "cloudtrail", 'w', "su", "",
   R"({"name":"arn:aws:cloudtrail:$region:$account:trail/organization"})",
   "null",
   "",
   "AccessDeniedException", 0.8},
  {"RotateKey", "kms", 'w', "a", "kms.amazonaws.com",
   "null",
   "null",
   R"([{"accountId":"$account","type":"AWS::KMS::Key",)"
   R"("ARN":"arn:aws:kms:$region:$account:key/$kmskey"}])",
   "", 0.0},
  {"CreateVpcEndpoint", "ec2", 'w', "su", "",
   R"({"CreateVpcEndpointRequest":{"VpcId":"$vpc","VpcEndpointType":"Interface",)"
   R"("ServiceName":"com.amazonaws.$region.ssm","SubnetId":{"tag":1,"content":"$subnet"},)"
   R"("SecurityGroupId":{"tag":1,"content":"$group"}}})",
   R"({"CreateVpcEndpointResponse":{"requestId":"$uuid","vpcEndpoint":{"vpcEndpointId":"$endpoint",)"
   R"("vpcId":"$vpc","state":"pending","ownerId":"$account"}}})",
   "",
   "Client.UnauthorizedOperation", 0.1},
});
// clang-format on

}  // namespace

std::span<const CallTemplate> call_templates() {
  return kCalls;
}

}  // namespace trailsift::bench
