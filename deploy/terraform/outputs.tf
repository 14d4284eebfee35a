output "bucket_name" {
  description = "Where log files and digests are delivered."
  value       = aws_s3_bucket.logs.id
}

output "queue_url" {
  description = "The queue that names each delivered file."
  value       = aws_sqs_queue.deliveries.url
}

output "dead_letter_queue_url" {
  description = "Where messages end that failed ten times."
  value       = aws_sqs_queue.dead_letters.url
}

output "topic_arn" {
  description = "The topic that the queue subscribes."
  value       = aws_sns_topic.deliveries.arn
}

output "trail_arn" {
  description = "The trail."
  value       = aws_cloudtrail.trail.arn
}

output "reader_role_arn" {
  description = "The role that Trailsift runs with."
  value       = aws_iam_role.reader.arn
}

output "reader_policy_arn" {
  description = "The policy of that role, to attach it elsewhere."
  value       = aws_iam_policy.reader.arn
}
